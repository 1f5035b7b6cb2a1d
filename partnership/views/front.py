"""The way in: where a signed-in person belongs, and pages that concern no partnership."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from indicators.models import Membership


def front(request: HttpRequest) -> HttpResponse:
    """Leads to the home of the person's partnership; asks which when there are several, says so when there is none, or
    none yet."""
    held = Membership.objects.on(request.today).filter(user=request.user).select_related("partnership")
    places = list(dict.fromkeys(m.partnership for m in held))
    if len(places) == 1:
        return redirect("home", partnership=places[0].slug)
    own = Membership.objects.filter(user=request.user).select_related("partnership")
    later = None if places else own.after(request.today).first()
    return render(request, "partnership/front.html", {"places": places, "later": later})
