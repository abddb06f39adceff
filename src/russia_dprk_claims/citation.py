"""The citation of the data as text, BibTeX, CSL-JSON or CITATION.cff, from the descriptor alone.

Fields that the descriptor does not have are left out: the year without a day of release, the address without a DOI.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from russia_dprk_claims.errors import unknown
from russia_dprk_claims.package import installed

Style = Literal["text", "bibtex", "csl", "cff"]
Descriptor = Mapping[str, Any]
_MESSAGE = "If you use this dataset, please cite the version that you used."
_ORCID = re.compile(r"https://orcid\.org/((?:[0-9]{4}-){3}[0-9]{3}[0-9X])/?")
_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "&%$#_{}"
}


def cite(style: Style = "text", claim: str | None = None) -> str:
    """Return how to cite the data of this version, or one claim in it.

    Parameters
    ----------
    style : {'text', 'bibtex', 'csl', 'cff'}, default 'text'
        `text` for a list of references, `bibtex` for LaTeX, `csl` for Zotero, Pandoc and others that read CSL-JSON,
        `cff` for a CITATION.cff, which is of the whole dataset only.
    claim : str, optional
        The identifier of a claim, such as `SRC-0005-C018`. Its sentence, with who says it through whom and how surely,
        and the label of its text become part of the citation.

    Returns
    -------
    str
        The citation; without an address if the dataset has none, and without a year before its release.

    Raises
    ------
    UnknownNameError
        If there is no such style or no such active claim.

    Examples
    --------
    >>> print(cite("bibtex").splitlines()[2])
      title = {{Russia–DPRK Partnership Claims}},
    """
    descriptor = installed().descriptor
    if claim is None:
        return citation(descriptor, style)
    from russia_dprk_claims.wide import wide_row

    if style not in _CLAIM_STYLES:
        raise unknown("style of citation for a claim", style, _CLAIM_STYLES)
    row = wide_row(claim)
    return _CLAIM_STYLES[style](descriptor, claim, f"{row['sentence']} {row['source_id']}: {row['source']}.")


def citation(descriptor: Descriptor, style: str) -> str:
    """Return how to cite the data that a descriptor describes, in one of the styles of `cite`."""
    if style not in _STYLES:
        raise unknown("style of citation", style, _STYLES)
    return _STYLES[style](descriptor)


def _text(descriptor: Descriptor, claim: str = "", words: str = "") -> str:
    names = "; ".join(", ".join(names_of(each)) or str(each["title"]) for each in descriptor.get("contributors", ()))
    year = f" ({_year(descriptor)})" if _year(descriptor) else ""
    what = f"{descriptor['title']} (version {descriptor['version']}) [Data set]."
    of_claim = f"{words} In:" if claim else ""
    return " ".join(filter(None, (of_claim, f"{names}{year}.", what, doi_address(descriptor.get("doi")))))


def _bibtex(descriptor: Descriptor, claim: str = "", words: str = "") -> str:
    fields = {
        "author": " and ".join(map(_bibtex_name, descriptor.get("contributors", ()))),
        "title": f"{{{_latex(descriptor['title'])}}}",
        "year": _year(descriptor),
        "version": descriptor["version"],
        "note": f"Data set, version {descriptor['version']}" + (f". {_latex(words)}" if words else ""),
        # Addresses are not escaped: BibTeX styles print them verbatim.
        "doi": descriptor.get("doi"),
        "url": _address(descriptor),
    }
    key = re.sub(r"\W+", "_", "_".join(filter(None, (descriptor["name"], descriptor["version"], claim))))
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _bibtex_name(creator: Descriptor) -> str:
    names = names_of(creator)
    # Braces keep a title from being split into a first and a last name.
    return _latex(", ".join(names)) if names else f"{{{_latex(str(creator['title']))}}}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)


def _csl(descriptor: Descriptor, claim: str = "", words: str = "") -> str:
    released = descriptor.get("released")
    key = f"{descriptor['name']}-{descriptor['version']}"
    item = {
        "id": key,
        "type": "dataset",
        "title": descriptor["title"],
        "author": [_named(each, "family", "given", "literal") for each in descriptor.get("contributors", ())],
        "issued": {"date-parts": [[int(part) for part in released.split("-")]]} if released else None,
        "version": descriptor["version"],
        "abstract": descriptor.get("description"),
        "DOI": descriptor.get("doi"),
        "URL": _address(descriptor),
    }
    part = {
        "id": f"{key}-{claim}",
        "title": f"Claim {claim}",
        "container-title": descriptor["title"],
        "abstract": words,
    }
    return json.dumps([without_empty(item) | (part if claim else {})], indent=2, ensure_ascii=False)


def _named(creator: Descriptor, family: str, given: str, whole: str) -> dict[str, Any]:
    """Return the names of a creator by the keys of a format, or its title as a whole."""
    named = without_empty({family: creator.get("familyName"), given: creator.get("givenName")})
    return named or {whole: str(creator["title"])}


def _cff(descriptor: Descriptor) -> str:
    licenses = [str(each["name"]) for each in descriptor.get("licenses", ())]
    content = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": descriptor["title"],
        "abstract": descriptor.get("description"),
        "version": descriptor["version"],
        "date-released": descriptor.get("released"),
        "doi": descriptor.get("doi"),
        "url": descriptor.get("homepage"),
        "repository-code": descriptor.get("repository"),
        "license": licenses[0] if len(licenses) == 1 else licenses,
        "authors": [_cff_name(each) for each in descriptor.get("contributors", ())],
        "keywords": descriptor.get("keywords"),
    }
    # JSON is YAML, so that each value can be written as JSON on one line.
    return "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in without_empty(content).items())


def _cff_name(creator: Descriptor) -> dict[str, Any]:
    orcid = orcid_of(creator)
    named = _named(creator, "family-names", "given-names", "name")
    return named | without_empty({"orcid": orcid and f"https://orcid.org/{orcid}"})


def orcid_of(creator: Descriptor) -> str:
    """Return the ORCID iD in the address of a creator, or nothing if the address is another."""
    found = _ORCID.fullmatch(str(creator.get("path", "")))
    return found[1] if found else ""


def names_of(creator: Descriptor) -> list[str]:
    """Return the family name and the given name of a creator, as far as they are stated."""
    return [str(creator[key]) for key in ("familyName", "givenName") if creator.get(key)]


def _year(descriptor: Descriptor) -> str:
    return str(descriptor.get("released", ""))[:4]


def doi_address(doi: str | None) -> str:
    """Return the address of a DOI, or nothing if there is none."""
    return f"https://doi.org/{doi}" if doi else ""


def _address(descriptor: Descriptor) -> str:
    return str(descriptor.get("homepage", "")) or doi_address(descriptor.get("doi"))


def without_empty(content: Descriptor) -> dict[str, Any]:
    """Return the fields that have a value."""
    return {key: value for key, value in content.items() if value}


_CLAIM_STYLES: dict[str, Callable[..., str]] = {"text": _text, "bibtex": _bibtex, "csl": _csl}
_STYLES = {**_CLAIM_STYLES, "cff": _cff}
