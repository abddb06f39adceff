"""The site: a static explorer of one package, that works from a folder, and the figures that it shows and exports."""
