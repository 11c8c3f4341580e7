"""The five bundled flows, walked along the paths of their specifications."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from flexiflow.clock import VirtualClock
from flexiflow.component import AsyncComponent
from flexiflow.component_loader import load_component
from flexiflow.declarative import plan
from flexiflow.engine import FlexiFlowEngine
from flexiflow.errors import FlexiFlowError
from flexiflow.packfile import read_pack
from flexiflow.testing import CapturedEvents, capture_events

FLOWS = Path(__file__).parents[2] / "resources" / "examples"

TROUBLE = ("guard.failed", "action.failed", "event.handler.failed")


class Walk:
    """A flow under way, in virtual time."""

    def __init__(self, component: AsyncComponent, clock: VirtualClock) -> None:
        self.component = component
        self.clock = clock
        self.events = CapturedEvents()

    async def send(self, *messages: str | dict[str, Any]) -> list[str]:
        """Sends messages and returns the state after each."""
        states = []
        for message in messages:
            sent = {"type": message} if isinstance(message, str) else message
            await self.component.handle_message(sent)
            states.append(self.component.state_name)

        return states

    async def wait(self, seconds: float) -> str:
        """Lets time pass and returns the state then."""
        await self.clock.advance(seconds)
        return self.component.state_name

    def jump(self, state: str) -> None:
        """Goes to a state without a transition."""
        machine = self.component.state_machine
        machine.current_state = machine.registry.create(state)


class Walks:
    """Makes walks, and ends them."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.engine = FlexiFlowEngine(clock=self.clock)

    async def start(self, name: str) -> Walk:
        """A started component of a flow file."""
        component = load_component(FLOWS / name)
        await self.engine.register_async(component)
        await component.start()
        return Walk(component, self.clock)


@pytest.fixture
async def walks() -> AsyncIterator[Walks]:
    """Walks during which no guard, action or handler fails."""
    made = Walks()
    async with capture_events(made.engine.event_bus, TROUBLE) as trouble:
        yield made

    await made.engine.stop()
    assert trouble == []


@pytest.mark.parametrize(
    ("name", "states", "transitions"),
    [
        ("tcp.pack.yaml", 11, 21),
        ("http2_stream.pack.yaml", 7, 25),
        ("dhcp_client.pack.yaml", 8, 23),
        ("bgp.pack.yaml", 6, 54),
        ("order.pack.yaml", 11, 19),
    ],
)
async def test_every_flow_loads_whole(
    walks: Walks, name: str, states: int, transitions: int
) -> None:
    """Each has the states and transitions of its description, and starts in its first state."""
    pack = read_pack(FLOWS / name)
    assert (len(pack.states), len(pack.transitions)) == (states, transitions)
    walk = await walks.start(name)
    assert walk.component.name == pack.name
    assert walk.component.state_name == pack.states[0].key


@pytest.mark.parametrize("name", ["tcp.pack.yaml", "bgp.pack.yaml", "http2_stream.pack.yaml"])
async def test_every_unguarded_transition_leads_where_it_says(walks: Walks, name: str) -> None:
    """From each state, by each message, as the plan says and as it is written."""
    walk = await walks.start(name)
    for transition in read_pack(FLOWS / name).transitions:
        if transition.message is None or transition.guard is not None:
            continue

        walk.jump(transition.source)
        message = {"type": transition.message, "end_stream": True}
        state = walk.component.state_machine.current_state
        planned = plan(state, message, {}).transition
        assert planned is not None
        assert planned.spec == transition
        assert await walk.send(message) == [transition.target]
        assert walk.component.last_transition is planned


# TCP, RFC 9293, section 3.3.2 (figure 5) and section 3.5/3.6


async def test_tcp_three_way_handshake_of_the_client(walks: Walks) -> None:
    """Active open: SYN, SYN+ACK, ACK (3.5, figure 6)."""
    walk = await walks.start("tcp.pack.yaml")
    assert await walk.send("active_open", "rcv_syn_ack") == ["SYN_SENT", "ESTABLISHED"]


async def test_tcp_three_way_handshake_of_the_server(walks: Walks) -> None:
    """Passive open: LISTEN, SYN, ACK of SYN (3.5, figure 6)."""
    walk = await walks.start("tcp.pack.yaml")
    assert await walk.send("passive_open", "rcv_syn", "rcv_ack_of_syn") == [
        "LISTEN",
        "SYN_RECEIVED",
        "ESTABLISHED",
    ]


async def test_tcp_simultaneous_open(walks: Walks) -> None:
    """Both sides send SYN (3.5, figure 7)."""
    walk = await walks.start("tcp.pack.yaml")
    assert await walk.send("active_open", "rcv_syn", "rcv_ack_of_syn") == [
        "SYN_SENT",
        "SYN_RECEIVED",
        "ESTABLISHED",
    ]


async def test_tcp_normal_close_waits_two_segment_lifetimes(walks: Walks) -> None:
    """FIN, ACK, FIN, then TIME-WAIT for 2 MSL = 4 minutes (3.6, figure 12; 3.4.2)."""
    walk = await walks.start("tcp.pack.yaml")
    walk.jump("ESTABLISHED")
    assert await walk.send("close", "rcv_ack_of_fin", "rcv_fin") == [
        "FIN_WAIT_1",
        "FIN_WAIT_2",
        "TIME_WAIT",
    ]
    assert await walk.wait(239.9) == "TIME_WAIT"
    assert await walk.wait(0.1) == "CLOSED"


async def test_tcp_passive_close(walks: Walks) -> None:
    """The peer closes first (3.6, figure 12, right side)."""
    walk = await walks.start("tcp.pack.yaml")
    walk.jump("ESTABLISHED")
    assert await walk.send("rcv_fin", "close", "rcv_ack_of_fin") == [
        "CLOSE_WAIT",
        "LAST_ACK",
        "CLOSED",
    ]


async def test_tcp_simultaneous_close(walks: Walks) -> None:
    """Both sides send FIN (3.6, figure 13)."""
    walk = await walks.start("tcp.pack.yaml")
    walk.jump("ESTABLISHED")
    assert await walk.send("close", "rcv_fin", "rcv_ack_of_fin") == [
        "FIN_WAIT_1",
        "CLOSING",
        "TIME_WAIT",
    ]
    assert await walk.wait(240) == "CLOSED"


async def test_tcp_reset_in_syn_received_goes_back_to_listen(walks: Walks) -> None:
    """The note of figure 5; and data of a closed connection is ignored."""
    walk = await walks.start("tcp.pack.yaml")
    assert await walk.send("rcv_fin", "passive_open", "rcv_syn", "rcv_rst") == [
        "CLOSED",
        "LISTEN",
        "SYN_RECEIVED",
        "LISTEN",
    ]


# HTTP/2, RFC 9113, section 5.1 (figure 2)


async def test_http2_request_without_a_body(walks: Walks) -> None:
    """HEADERS with END_STREAM half-close at once, the answer closes."""
    walk = await walks.start("http2_stream.pack.yaml")
    headers = {"type": "send_headers", "end_stream": True}
    assert await walk.send(headers, "recv_end_stream") == ["half_closed_local", "closed"]


async def test_http2_request_with_a_body(walks: Walks) -> None:
    """HEADERS open the stream, END_STREAM of each side closes its half."""
    walk = await walks.start("http2_stream.pack.yaml")
    headers = {"type": "recv_headers", "end_stream": False}
    assert await walk.send(headers, "recv_end_stream", "send_end_stream") == [
        "open",
        "half_closed_remote",
        "closed",
    ]


async def test_http2_server_push(walks: Walks) -> None:
    """PUSH_PROMISE reserves, HEADERS half-close the other side, END_STREAM closes."""
    walk = await walks.start("http2_stream.pack.yaml")
    assert await walk.send("send_push_promise", "send_headers", "send_end_stream") == [
        "reserved_local",
        "half_closed_remote",
        "closed",
    ]
    walk.jump("idle")
    assert await walk.send("recv_push_promise", "recv_headers", "recv_end_stream") == [
        "reserved_remote",
        "half_closed_local",
        "closed",
    ]


async def test_http2_closed_absorbs(walks: Walks) -> None:
    """PRIORITY and WINDOW_UPDATE are received in closed; nothing leads out of it."""
    walk = await walks.start("http2_stream.pack.yaml")
    walk.jump("open")
    assert await walk.send("recv_rst_stream", "recv_priority", "recv_window_update") == [
        "closed",
        "closed",
        "closed",
    ]
    assert await walk.send({"type": "send_headers", "end_stream": False}) == ["closed"]


# DHCP, RFC 2131, section 4.4 (figure 5)


async def test_dhcp_new_address(walks: Walks) -> None:
    """DISCOVER, offers are collected, REQUEST, ACK (4.4.1)."""
    walk = await walks.start("dhcp_client.pack.yaml")
    assert await walk.send(
        "send_discover",
        "dhcp_offer",
        "dhcp_offer",
        "select_offer",
        "dhcp_offer",
        {"type": "dhcp_ack", "accepted": True},
    ) == ["SELECTING", "SELECTING", "SELECTING", "REQUESTING", "REQUESTING", "BOUND"]


@pytest.mark.parametrize("ack", [{}, {"accepted": False}])
async def test_dhcp_declined_address(walks: Walks, ack: dict[str, Any]) -> None:
    """An address in use is declined, and all begins again (4.4.1)."""
    walk = await walks.start("dhcp_client.pack.yaml")
    walk.jump("REQUESTING")
    assert await walk.send({"type": "dhcp_ack", **ack}) == ["INIT"]


async def test_dhcp_without_offers_begins_again(walks: Walks) -> None:
    """A new offer starts the wait anew, as the state is entered again."""
    walk = await walks.start("dhcp_client.pack.yaml")
    await walk.send("send_discover")
    assert await walk.wait(9) == "SELECTING"
    await walk.send("dhcp_offer")
    assert await walk.wait(9) == "SELECTING"
    assert await walk.wait(1) == "INIT"


async def test_dhcp_reboot_with_a_remembered_address(walks: Walks) -> None:
    """INIT-REBOOT, REQUEST, and an ACK, a NAK or silence (4.4.2)."""
    walk = await walks.start("dhcp_client.pack.yaml")
    for answer, state in (("dhcp_ack", "BOUND"), ("dhcp_nak", "INIT")):
        walk.jump("INIT")
        assert await walk.send("remembered_address", "send_request", answer) == [
            "INIT_REBOOT",
            "REBOOTING",
            state,
        ]

    await walk.send("remembered_address", "send_request")
    assert await walk.wait(10) == "INIT"


async def test_dhcp_lease_is_renewed_rebound_and_lost(walks: Walks) -> None:
    """T1, T2 and the end of the lease, counted from the one before (4.4.5)."""
    walk = await walks.start("dhcp_client.pack.yaml")
    walk.jump("REBOOTING")
    await walk.send("dhcp_ack")
    assert await walk.wait(29.9) == "BOUND"
    assert await walk.wait(0.1) == "RENEWING"
    assert await walk.wait(22.5) == "REBINDING"
    assert await walk.wait(7.5) == "INIT"


async def test_dhcp_renewed_lease_runs_its_full_time(walks: Walks) -> None:
    """An ACK while renewing or rebinding starts the lease anew."""
    walk = await walks.start("dhcp_client.pack.yaml")
    walk.jump("REBOOTING")
    await walk.send("dhcp_ack")
    assert await walk.wait(35) == "RENEWING"
    assert await walk.send("dhcp_ack") == ["BOUND"]
    assert await walk.wait(30) == "RENEWING"
    assert await walk.wait(25) == "REBINDING"
    assert await walk.send("dhcp_ack") == ["BOUND"]
    assert await walk.wait(29) == "BOUND"
    assert await walk.send("release") == ["INIT"]
    assert walk.clock.next_due() is None


# BGP, RFC 4271, section 8.2.2


async def test_bgp_session_comes_up(walks: Walks) -> None:
    """Idle, Connect, OpenSent, OpenConfirm, Established, and stays with keepalives and updates."""
    walk = await walks.start("bgp.pack.yaml")
    assert await walk.send(
        "ManualStart", "Tcp_CR_Acked", "BGPOpen", "KeepAliveMsg", "KeepAliveMsg", "UpdateMsg"
    ) == ["Connect", "OpenSent", "OpenConfirm", "Established", "Established", "Established"]


async def test_bgp_passive_start_with_delayed_open(walks: Walks) -> None:
    """Active; the peer's OPEN while the DelayOpenTimer runs leads to OpenConfirm."""
    walk = await walks.start("bgp.pack.yaml")
    assert await walk.send(
        "ManualStart_with_PassiveTcpEstablishment",
        "BGPOpen_with_DelayOpenTimer_running",
        "KeepaliveTimer_Expires",
        "KeepAliveMsg",
    ) == ["Active", "OpenConfirm", "OpenConfirm", "Established"]


async def test_bgp_connection_that_fails_is_tried_again(walks: Walks) -> None:
    """Connect falls back to Active, the retry timer leads to Connect again."""
    walk = await walks.start("bgp.pack.yaml")
    assert await walk.send(
        "AutomaticStart",
        "TcpConnectionFails",
        "ConnectRetryTimer_Expires",
        "TcpConnectionConfirmed",
    ) == ["Connect", "Active", "Connect", "OpenSent"]


@pytest.mark.parametrize("state", ["Connect", "Active", "OpenSent", "OpenConfirm", "Established"])
async def test_bgp_manual_stop_leads_to_idle_from_everywhere(walks: Walks, state: str) -> None:
    """Event 2 in each state; stop events in Idle are ignored."""
    walk = await walks.start("bgp.pack.yaml")
    walk.jump(state)
    assert await walk.send("ManualStop", "ManualStop") == ["Idle", "Idle"]


async def test_bgp_hold_timer_and_errors_end_a_session(walks: Walks) -> None:
    """Events 10, 24, 25 and 28 in Established."""
    walk = await walks.start("bgp.pack.yaml")
    for event in ("HoldTimer_Expires", "NotifMsg", "UpdateMsgErr", "TcpConnectionFails"):
        walk.jump("Established")
        assert await walk.send(event) == ["Idle"]


# An order


async def to_payment(walk: Walk, price: float = 20) -> None:
    """Fills the cart and goes to the cash desk."""
    await walk.send({"type": "add_item", "price": price}, "checkout", "pay")


async def test_order_from_cart_to_door(walks: Walks) -> None:
    """The happy path, with what it tells and keeps."""
    walk = await walks.start("order.yaml")
    async with capture_events(walks.engine.event_bus, ["order.paid", "state.changed"]) as events:
        await walk.send({"type": "add_item", "price": 20}, {"type": "add_item", "price": 15.5})
        assert walk.component.context == {"attempts": 0, "items": 2, "total": 35.5}
        states = await walk.send(
            "checkout", "back", "checkout", "pay", "payment_failed",
            {"type": "payment_ok", "amount": 35.5}, "pick", "ship", "deliver",
        )  # fmt: skip

    assert states == [
        "Checkout", "Cart", "Checkout", "AwaitingPayment", "AwaitingPayment",
        "Paid", "Picking", "Shipped", "Delivered",
    ]  # fmt: skip
    assert walk.component.context["attempts"] == 2
    assert events.of("order.paid") == [{"total": 35.5, "currency": "EUR"}]
    assert events.names().index("order.paid") < len(events) - 4


async def test_order_of_an_empty_cart_stays(walks: Walks) -> None:
    """The guard reads the number of items."""
    walk = await walks.start("order.yaml")
    assert await walk.send("checkout") == ["Cart"]


async def test_order_is_cancelled_after_too_many_payments(walks: Walks) -> None:
    """The rule says three; each attempt starts the patience anew."""
    walk = await walks.start("order.yaml")
    await to_payment(walk)
    assert await walk.wait(14 * 60) == "AwaitingPayment"
    assert await walk.send("payment_failed", "payment_failed", "payment_failed") == [
        "AwaitingPayment",
        "AwaitingPayment",
        "Cancelled",
    ]
    assert walk.component.context["attempts"] == 3
    assert await walk.wait(3600) == "Cancelled"
    assert await walk.send("pay", "checkout") == ["Cancelled", "Cancelled"]


async def test_order_that_the_customer_leaves(walks: Walks) -> None:
    """After fifteen minutes it is cancelled."""
    walk = await walks.start("order.yaml")
    await to_payment(walk)
    assert await walk.wait(899) == "AwaitingPayment"
    assert await walk.wait(1) == "Cancelled"


async def test_order_paid_too_little_waits_on(walks: Walks) -> None:
    """Neither guard is true: nothing happens, and the time runs on."""
    walk = await walks.start("order.yaml")
    await to_payment(walk)
    assert await walk.wait(600) == "AwaitingPayment"
    assert await walk.send({"type": "payment_ok", "amount": 19}) == ["AwaitingPayment"]
    assert await walk.wait(300) == "Cancelled"


async def test_large_order_is_looked_at(walks: Walks) -> None:
    """Above the rule's limit a person decides; what is refused is given back."""
    walk = await walks.start("order.yaml")
    await to_payment(walk, 500.5)
    paid = {"type": "payment_ok", "amount": 500.5}
    assert await walk.send(paid, "reject", "refund") == ["Review", "Returning", "Refunded"]
    other = await Walks().start("order.yaml")
    await to_payment(other, 500.5)
    assert await other.send(paid, "approve") == ["Review", "Paid"]


async def test_order_that_gets_lost_is_sent_again(walks: Walks) -> None:
    """Ways back: lost on the way, out of stock, cancelled after payment."""
    walk = await walks.start("order.yaml")
    for state, message in (("Shipped", "lost"), ("Picking", "out_of_stock"), ("Paid", "cancel")):
        walk.jump(state)
        assert await walk.send(message, "reship") == ["Returning", "Picking"]


async def test_the_bundled_scenario_plays(walks: Walks) -> None:
    """What it expects is what is found."""
    from flexiflow.scenario import play, read_scenario

    walk = await walks.start("order.yaml")
    scenario = read_scenario(FLOWS / "order.scenario.yaml")
    await play(scenario, walks.engine)
    assert walk.component.state_name == "Delivered"


@pytest.mark.parametrize("name", sorted(path.name for path in FLOWS.glob("*.yaml")))
def test_flows_leave_no_trace_in_the_default_registry(name: str) -> None:
    """Loading is a private affair."""
    from flexiflow.state_machine import DEFAULT_REGISTRY

    before = DEFAULT_REGISTRY.names()
    try:
        load_component(FLOWS / name)
    except FlexiFlowError:
        assert name.endswith(".scenario.yaml")

    assert DEFAULT_REGISTRY.names() == before
