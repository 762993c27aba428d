"""A reviewed file of corrections → what the source or the extraction got wrong, put right, each with a reason and a guard.

A table of tab-separated cells with a line of names; lines that begin with ``#`` are comments::

    page                          row             slot              was         now         reason
    pages/2023-09/20/03.txt                       publication_date  2023-09-02  2023-09-20  masthead misprinted
    pages/2023-09/20/03.txt       article:2       headline                      外贸稳中有进   headline lost by the reader
    pages/2023-09/20/03.txt       amount:12.5%    measure           level       growth      "up 12.5%" misread
    pages/2023-09/20/03.txt       amount:1958亿元   *                 1958亿元               page number taken for an amount

``page``: the page's ``source_uri``.  ``row``: nothing for the page itself; ``article:`` with the article's position or identifier;
``amount:`` with its text as written (where the page states it once) or the observation's identifier.  ``was``: what the slot holds
without the correction, nothing for null; when it holds something else, the page is not published and the run fails by name.
``now``: what it shall hold; several values of a list stand between ``|``.  Slot ``*`` takes the row away; its guard is the
headline or the amount's text.

A page's own slots are set before it is segmented, so that what hangs on them (a year, an area) follows.
"""

from tasks.corrections.read import Correction, CorrectionError, digest, of_pages, read_corrections

__all__ = ["Correction", "CorrectionError", "digest", "of_pages", "read_corrections"]
