"""Forms of accounts; WTForms ships no Vietnamese, so every sentence is ours."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError


def required(thing: str) -> InputRequired:
    """The validator that asks for a thing by its name."""
    return InputRequired(f"Hãy nhập {thing}.")


def at_most(count: int) -> Length:
    """The validator of a length."""
    return Length(max=count, message=f"Dài quá {count} ký tự, hãy viết gọn.")


class LoginForm(FlaskForm):
    """Name and password."""

    username = StringField("Tên đăng nhập", [required("tên đăng nhập"), at_most(60)])
    password = PasswordField("Mật khẩu", [required("mật khẩu"), at_most(200)])


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField("Mật khẩu mới", [required("mật khẩu mới"), at_most(128)])
    again = PasswordField("Nhập lại mật khẩu", [required("lại mật khẩu"), at_most(128)])

    def validate_again(self, field: Any) -> None:
        """Both must agree."""
        if field.data != self.password.data:
            raise ValidationError("Hai lần nhập không giống nhau, hãy nhập lại.")


class StaffForm(FlaskForm):
    """A new member of staff with a first posting."""

    username = StringField("Tên đăng nhập", [required("tên đăng nhập"), at_most(60)])
    name = StringField("Họ tên", [required("họ tên"), at_most(120)])
    title = StringField("Chức vụ", [at_most(120)])
    unit = SelectField("Đơn vị", choices=[], validate_choice=False)
    role = SelectField("Vai trò", choices=[], validate_choice=False)


class PostingForm(FlaskForm):
    """A further posting of a person."""

    unit = SelectField("Đơn vị", choices=[], validate_choice=False)
    role = SelectField("Vai trò", choices=[], validate_choice=False)


class ActiveForm(FlaskForm):
    """Enable or disable an account."""

    active = BooleanField("Đang dùng")
