"""How suggestions fare, month by month, for those who look after the directory."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.reports import export, quality, quality_words
from linkwork.web.charts import bar

bp = Blueprint("quality", __name__, url_prefix="/quality")


@bp.get("")
@requires(Permission.EDIT_DIRECTORY)
def index() -> ResponseReturnValue:
    found = quality.of_pcns(me(), on=clock.today(), at=clock.now())
    return render_template(
        "quality/index.html",
        quality=found,
        sentences=quality_words.sentences(found),
        bar=bar,
    )


@bp.get("/quality.csv")
@requires(Permission.EDIT_DIRECTORY)
def as_csv() -> ResponseReturnValue:
    found = quality.of_pcns(me(), on=clock.today(), at=clock.now())
    return Response(
        export.quality_csv(found, by=me()),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="suggestions-{clock.today():%Y-%m}.csv"'
        },
    )
