"""The look-up form; it changes nothing, so it needs no token and sets no cookie."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired


class LookupForm(FlaskForm):
    """Dossier code and look-up code, both printed on the receipt."""

    class Meta:
        """No CSRF token: the token would set a cookie on a public page."""

        csrf = False

    code = StringField("Mã hồ sơ", [InputRequired("Hãy nhập mã hồ sơ in trên giấy hẹn.")])
    lookup_code = StringField(
        "Mã tra cứu", [InputRequired("Hãy nhập mã tra cứu, 10 chữ và số in dưới mã QR.")]
    )
