"""How Django draws forms here: every field with its label, help and errors the way the style guide shows."""

from django.forms.renderers import TemplatesSetting


class FormDrawing(TemplatesSetting):
    form_template_name = "web/form.html"
    field_template_name = "web/field.html"
