"""The pages of one's notices, below `/account/notices/`."""

from django.urls import path

from admin_ui.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.notice_open, name="open"),
    path("mail/", views.mail_save, name="mail"),
    path("mark/", views.notices_mark, name="mark"),
]
