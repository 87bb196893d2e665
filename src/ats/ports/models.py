"""VoIP ports: a subscriber's device or an operator's trunk (S59-S86); the operator's outbound routes."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Q, When

from ats.clients.models import Client, User
from ats.scoping import Scoped


class PortManager(Scoped["Port"]):
    owner_path = "owner_id"


class Port(models.Model):
    """A line for a device (subscriber) or to another operator (trunk).

    Trunks of the operator's own client carry outbound routes and external numbers;
    a trunk of an ordinary client is its third-party SIP line (S83-S86) whose calls go to `number`.
    """

    class Kind(models.TextChoices):
        """«Тип порта» (S60)."""

        SIP = "sip", "SIP"
        IAX2 = "iax2", "IAX2"
        H323 = "h323", "H.323"

    class Connection(models.TextChoices):
        SUBSCRIBER = "subscriber"  # «абонент»
        TRUNK = "trunk"  # «оператор»

    class Dtmf(models.TextChoices):
        RFC4733 = "rfc4733"
        INFO = "info"
        INBAND = "inband"
        AUTO = "auto"

    class NumberFormat(models.TextChoices):
        """How a trunk wants an E.164 called number written."""

        E164 = "e164"  # 74951234567
        PLUS = "plus"  # +74951234567
        NATIONAL = "national"  # 84951234567, 810… abroad

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="ports")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SIP)
    connection = models.CharField(max_length=12, choices=Connection.choices, default=Connection.SUBSCRIBER)
    # The user of the client whose device it is (S229); null: the client itself.
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="ports")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)
    # Subscriber: the SIP user name, digits, unique on the exchange. Trunk: empty; its endpoint is t<id>.
    login = models.CharField(max_length=32, blank=True)
    password = models.CharField(max_length=128, blank=True)
    # Subscriber: the internal number shown when this port calls. Client's trunk: where its calls go (S69).
    number = models.ForeignKey(
        "numbering.Number", null=True, blank=True, on_delete=models.PROTECT, related_name="ports"
    )
    # External number shown to the city (CLIP); empty: the client's first external number.
    clip = models.ForeignKey(
        "numbering.Number", null=True, blank=True, on_delete=models.PROTECT, related_name="clip_ports"
    )
    nat = models.BooleanField(default=False)  # S64
    media_through_server = models.BooleanField(default=True)  # S65
    dtmf = models.CharField(max_length=8, choices=Dtmf.choices, default=Dtmf.RFC4733)  # S76
    networks = models.JSONField(default=list)  # allowed networks, CIDR strings (S77); empty: any
    pickup_group = models.ForeignKey(
        "pickup.PickupGroup", null=True, blank=True, on_delete=models.PROTECT, related_name="ports"
    )  # S179
    extras = models.JSONField(default=dict)  # ДВО (S78), see dialplan.extras
    webrtc = models.BooleanField(
        default=False
    )  # «Веб-телефон»: a browser registers here, over the web server
    max_contacts = models.PositiveSmallIntegerField(default=1)
    # Trunk only (S71-S75)
    remote_host = models.CharField(max_length=253, blank=True)
    remote_port = models.PositiveIntegerField(default=5060)  # of others: see DEFAULT_PORTS
    remote_login = models.CharField(max_length=64, blank=True)
    remote_domain = models.CharField(max_length=253, blank=True)
    register = models.BooleanField(default=False)
    number_format = models.CharField(max_length=8, choices=NumberFormat.choices, default=NumberFormat.E164)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PortManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["login"], name="port_login_unique", condition=~models.Q(login="")
            ),
            models.UniqueConstraint(fields=["client", "name"], name="port_client_name_unique"),
            # The user name that calls come under: over IAX2 an operator's calls name our account there.
            models.UniqueConstraint(
                Case(
                    When(Q(connection="subscriber") & ~Q(login=""), then=F("login")),
                    When(connection="trunk", kind="iax2", register=True, then=F("remote_login")),
                    default=None,
                ),
                name="port_account_unique",
            ),
        ]
        # Filters of the list that few ports of many may meet, in its order. The client stands second: first, SQLite
        # took them for the way to all of a client's ports, which it then read in the order of names.
        indexes: ClassVar = [
            models.Index(fields=["kind", "client", "name", "id"], name="port_kind_client"),
            models.Index(fields=["connection", "client", "name", "id"], name="port_connection_client"),
            models.Index(
                fields=["client", "name", "id"], name="port_client_webrtc", condition=Q(webrtc=True)
            ),
            models.Index(
                fields=["client", "name", "id"], name="port_client_off", condition=Q(is_active=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def endpoint(self) -> str:
        """Name of the endpoint in the engine."""
        return self.login if self.connection == self.Connection.SUBSCRIBER else f"t{self.pk}"


# The usual port of the other side, by protocol.
DEFAULT_PORTS = {Port.Kind.SIP: 5060, Port.Kind.IAX2: 4569, Port.Kind.H323: 1720}


class Route(models.Model):
    """Operator's outbound route: E.164 prefix → trunks tried in order. The longest prefix wins."""

    prefix = models.CharField(max_length=15, unique=True)  # digits of E.164, or "" for every number
    description = models.CharField(max_length=200, blank=True)
    trunks = models.ManyToManyField(Port, through="RouteTrunk", related_name="routes")


class RouteTrunk(models.Model):
    route = models.ForeignKey(Route, on_delete=models.CASCADE, related_name="route_trunks")
    trunk = models.ForeignKey(Port, on_delete=models.PROTECT, related_name="route_trunks")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "trunk"], name="route_trunk_unique"),
            models.UniqueConstraint(fields=["route", "position"], name="route_position_unique"),
        ]
