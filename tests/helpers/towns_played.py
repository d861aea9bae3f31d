"""Three desks, a vendor and a hub that do whatever they do, in any order, with whatever goes wrong in between; what
came of it is proved whenever all is quiet."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpers.towns_base import TOWN
from helpers.towns_coming import Coming
from helpers.towns_restored import Restored
from helpers.towns_selling import Selling
from helpers.towns_writing import Writing


class Towns(Selling, Writing, Coming, Restored):
    @rule(most=st.sampled_from((1, 3, 500)))
    def the_vendor_pulls(self, most: int) -> None:
        if self.vendor.pull(most):
            self.did("vendor told something")

    @rule(at=TOWN, data=st.data())
    def settle_something(self, at: int, data: st.DataObject) -> None:
        town = self.online(at)
        if town is None:
            return
        self.turn_of(town)
        town.look()
        found = town.desk.services.central.inbox(town.desk.admin)
        if found:
            self.settle(town, data.draw(st.sampled_from(found)), data.draw(st.booleans()), lenient=True)

    @rule(data=st.data())
    def all_is_quiet(self, data: st.DataObject) -> None:
        self.rest(lambda: data.draw(st.booleans()))
