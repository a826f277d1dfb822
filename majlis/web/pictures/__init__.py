"""Pictures drawn on the server as SVG: a map of cities, who is like whom, a run of show, who met whom, gaps as bars.

Pure functions: plain data in, one safe string out, in the active language. Colours come from the style sheet by class, so
a picture follows the dark mode and prints; each has a title and a description, and the page shows its table beside it:

    {% include "web/picture.html" with picture=map table=map_table caption=… kind="map" %}
"""

from majlis.web.pictures.charts import bars, matrix, timeline
from majlis.web.pictures.maps import city_map
from majlis.web.pictures.scatter import scatter
from majlis.web.pictures.shapes import Bar, Block, Dot, Point, Row, Table

__all__ = ["Bar", "Block", "Dot", "Point", "Row", "Table", "bars", "city_map", "matrix", "scatter", "timeline"]
