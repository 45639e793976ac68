"""Where does a load balancer ask? The API itself is mounted by `config.urls`."""

from django.urls import path

from ai_agent.views import ready

urlpatterns = [path("ready/", ready, name="ready")]
