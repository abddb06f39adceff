"""Loading: a table of the installed release, or of another one, as a typed frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from russia_dprk_claims.loader.frames import frame
from russia_dprk_claims.loader.installed import installed

if TYPE_CHECKING:
    import pandas as pd

    from russia_dprk_claims.loader.names import TableName


@overload
def load(table: TableName, version: None = None) -> pd.DataFrame: ...
@overload
def load(table: str, version: str) -> pd.DataFrame: ...
def load(table: str, version: str | None = None) -> pd.DataFrame:
    """Return a table as a pandas frame.

    Text is `string`, numbers are `Int64` and `Float64`, truth values `boolean`, days `datetime64[s]`, and a column
    with a vocabulary is categorical, ordered where the vocabulary is. An EDTF date stays the text that it is. An
    empty cell is missing, and only an empty one: `NA` is a text.

    Parameters
    ----------
    table
        The name of the table; `tables()` lists them. Another release may have others.
    version
        The release, if not the installed one; `versions()` lists them. It is downloaded once.

    Returns
    -------
    pandas.DataFrame
        The rows in the order of the primary key. The frame is yours to change.

    Raises
    ------
    UnknownNameError
        If there is no such table or version.
    DownloadError
        If the release cannot be fetched.
    DamagedDataError
        If the data are not what their contract says.
    MissingExtraError
        If another release is asked for without the packages that fetch it.

    Examples
    --------
    >>> claims = load("claims")
    >>> str(claims["modality"].cat.categories[0])
    'underspecified'
    """
    if version is None:
        return frame(installed(), table)
    from russia_dprk_claims.loader.versions import release_of

    return frame(release_of(version), table)
