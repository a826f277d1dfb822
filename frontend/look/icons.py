"""Takes the icons we use out of the npm package lucide-static (ISC licence) into majlis/web/icons.json.

    npm pack lucide-static && tar xf lucide-static-*.tgz
    python frontend/look/icons.py package/icons

An icon is added by its name here and a run of this script.
"""

import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "majlis" / "web" / "icons.json"
NAMES = re.findall(
    r"\S+",
    """
    arrow-down arrow-left arrow-right arrow-up book-open building-2 calendar chart-bar check chevron-down chevron-left
    chevron-right circle circle-alert circle-check circle-help circle-x clock coins copy download ellipsis equal
    external-link eye file-text filter flag git-compare globe grip-vertical hand hand-heart handshake history house
    inbox info key-round landmark layout-grid lightbulb link list lock lock-open log-in log-out mail map map-pin
    megaphone menu message-circle mic mic-off minus move network pause pencil play plus printer refresh-cw rotate-ccw
    search send settings shuffle sparkles sprout square star table target thumbs-up timer trash-2 triangle-alert
    undo-2 upload user user-plus users video vote wifi-off wrench x
""",
)


def main() -> None:
    folder = Path(sys.argv[1])
    icons = {}
    for name in NAMES:
        drawn = (folder / f"{name}.svg").read_text(encoding="utf-8")
        inside = re.search(r"<svg.*?>(.*)</svg>", drawn, re.DOTALL)
        if inside is None:
            raise SystemExit(f"{name}.svg holds no drawing")
        icons[name] = re.sub(r"\s+", " ", inside[1]).replace(" />", "/>").replace("> <", "><").strip()
    licence = "Lucide, ISC licence, https://lucide.dev/license"
    TARGET.write_text(json.dumps({"licence": licence, "icons": icons}, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
