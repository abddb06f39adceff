"""The site: a static page for browsing one package from a folder, and the figures that it shows and exports."""
