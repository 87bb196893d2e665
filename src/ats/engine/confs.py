"""Text of the engine's small configuration files, one function per file; nothing here touches the disk."""

from ats.config import Config
from ats.dialplan.parking import PLACES, WAIT_S
from ats.engine import acl
from ats.engine.modules import MODULES

ICE_FILE = "rtp_ice.conf"

# Internal messages nobody here listens to. Each one costs an allocation and a queue trip per call,
# e.g. one for every variable a dialplan line sets. (DTMF, hang-up request and handler messages cannot be
# declined: the engine's manager refuses to start without them.)
UNUSED_MESSAGES = (
    "ast_channel_varset_type",
    "ast_rtp_rtcp_sent_type",
    "ast_rtp_rtcp_received_type",
    "ast_channel_talking_start",
    "ast_channel_talking_stop",
    "ast_test_suite_message_type",
    "cdr_read_message_type",
    "cdr_write_message_type",
    "cdr_prop_write_message_type",
    "agi_exec_start_type",
    "agi_exec_end_type",
)

# Channel events the call journal needs; derivation is from these alone (docs/architecture/journal.md).
# BRIDGE_* and CHAN_END are left out: they double the lines of a call and say nothing that HANGUP,
# ANSWER and the transfer events do not.
JOURNAL_EVENTS = (
    "CHAN_START",
    "ANSWER",
    "HANGUP",
    "LINKEDID_END",
    "BLINDTRANSFER",
    "ATTENDEDTRANSFER",
    "PICKUP",
    "FORWARD",
    "PARK_START",
    "PARK_END",
    "USER_DEFINED",
)
# Part of modules.conf, see `engine.iax` and `engine.h323`.
DRIVERS = "drivers.conf"

# Columns of a journal line, in order. The last three may hold what a stranger typed.
JOURNAL_FIELDS = (
    "EventType",
    "EventTime",
    "LinkedID",
    "UniqueID",
    "ChanName",
    "AccountCode",
    "UserField",
    "EventExtra",
    "Context",
    "Exten",
    "Num",
    "Name",
)


def asterisk_conf(config: Config) -> str:
    """Folders and process options. `systemname` makes call ids unique among nodes.

    The modules' folder without links: the manager loads a module only from there, and compares real paths.
    """
    base = config.engine_dir
    return f"""[directories]
astetcdir => {config.engine_etc}
astmoddir => {config.engine_modules.resolve()}
astvarlibdir => {base}/data
astdbdir => {base}/spool
astkeydir => {base}
astdatadir => {base}/data
astagidir => {base}/data/agi-bin
astspooldir => {base}/spool
astrundir => {base}/run
astlogdir => {base}/log
astsbindir => {base}/run

[options]
systemname = {config.node_name}
verbose = 0
debug = 0
nofork = yes
nocolor = yes
highpriority = no
defaultlanguage = ru
documentation_language = en_US
hideconnect = yes
live_dangerously = no
entityid = 02:00:00:00:00:01
"""


def modules_conf(_config: Config) -> str:
    """The explicit module list."""
    preload = ("res_config_sqlite3",)
    lines = ["[modules]", "autoload=no"]
    lines += [f"preload={name}.so" for name in preload]
    lines += [f"load={name}.so" for name in MODULES if name not in preload]
    # Drivers of protocols that some port uses; the agent writes it.
    lines.append(f'#tryinclude "{DRIVERS}"')
    return "\n".join(lines) + "\n"


def logger_conf(_config: Config) -> str:
    """Warnings and errors to the console (the supervisor keeps them), security events to a file."""
    return """[general]
dateformat=%F %T.%3q
use_callids=yes
logger_queue_limit=2000

[logfiles]
console => warning,error
security => security
"""


def stasis_conf(_config: Config) -> str:
    """The internal message bus: types that nobody uses are not made at all."""
    lines = ["[declined_message_types]", *(f"decline={name}" for name in UNUSED_MESSAGES)]
    return "\n".join(lines) + "\n"


def pjsip_conf(config: Config) -> str:
    """Transports and global options only: endpoints live in engine.db, trunks' lines in pjsip_trunks.conf.

    Trunks are told by address first: a city caller whose number equals a subscriber's login must not be asked
    for that subscriber's password.
    """
    return f"""[system]
type=system
timer_t1=500
timer_b=32000
threadpool_initial_size=4
threadpool_auto_increment=2
threadpool_idle_timeout=60
threadpool_max_size=20
disable_rport=no

[global]
type=global
user_agent=Canmos ATS
max_forwards=70
endpoint_identifier_order=ip,username,auth_username
max_initial_qualify_time=4
contact_expiration_check_interval=10
keep_alive_interval=90
mwi_disable_initial_unsolicited=yes
ignore_uri_user_options=yes
send_contact_status_on_update_registration=yes
unidentified_request_count=30
unidentified_request_period=5
default_realm=canmos-ats

[udp]
type=transport
protocol=udp
bind={config.listen}:{config.sip_port}
allow_reload=no

[tcp]
type=transport
protocol=tcp
bind={config.listen}:{config.sip_port}
allow_reload=no

[tls]
type=transport
protocol=tls
bind={config.listen}:{config.sips_port}
cert_file={config.certificate_path}
priv_key_file={config.certificate_path}
method=tlsv1_2
allow_reload=no

[ws]
type=transport
protocol=ws
bind=127.0.0.1
allow_reload=no
{acl.PJSIP}"""


def sorcery_conf(_config: Config) -> str:
    """Where SIP objects come from.

    `allow_unqualified_fetch=no` forbids reading a whole table: with 100,000 endpoints the engine starts in a
    fraction of a second instead of minutes. The caches have no life-time of their own: the agent
    expires one object over AMI whenever it writes it, so an old password dies at once.
    """
    cache = "memory_cache,maximum_objects=20000,object_lifetime_maximum=0,expire_on_reload=no"
    return f"""[res_pjsip]
endpoint/cache={cache}
endpoint=realtime,ps_endpoints,allow_unqualified_fetch=no
auth/cache={cache}
auth=realtime,ps_auths,allow_unqualified_fetch=no
aor/cache={cache}
aor=realtime,ps_aors,allow_unqualified_fetch=no
contact=astdb,registrar

[res_pjsip_endpoint_identifier_ip]
identify=config,pjsip_trunks.conf,criteria=type=identify

[res_pjsip_outbound_registration]
registration=config,pjsip_trunks.conf,criteria=type=registration
"""


def extconfig_conf(_config: Config) -> str:
    """Realtime families and the database section that holds them."""
    return """[settings]
ps_endpoints => sqlite3,engine
ps_auths => sqlite3,engine
ps_aors => sqlite3,engine
ats_contacts => sqlite3,engine
queues => sqlite3,engine
queue_members => sqlite3,engine
musiconhold => sqlite3,engine
"""


def res_config_sqlite3_conf(config: Config) -> str:
    """`batch => 0`: otherwise the engine reads inside a long transaction and sees an old password as good."""
    return f"""[engine]
dbfile => {config.engine_db}
requirements => warn
batch => 0
busy_timeout => 2000
"""


def rtp_conf(config: Config) -> str:
    """Media ports; strict RTP stops a stranger from talking into a call. Whether there is ICE stands in the agent's
    own file: without any browser among the telephones no call pays for it (`ice_conf`)."""
    return f"""[general]
rtpstart={config.rtp_start}
rtpend={config.rtp_end}
strictrtp=yes
probation=4
#include "{ICE_FILE}"
"""


def ice_conf(wanted: bool) -> str:
    """Browsers need ICE. Switched on, every call of any telephone looks for the machine's addresses, twice, and throws
    them away again (endpoints say for themselves whether they offer them: `webrtc`)."""
    return f"icesupport={'yes' if wanted else 'no'}\n"


def manager_conf(config: Config) -> str:
    """The agent's account. Nothing but answers to its own actions is ever sent to it.

    `enabled=no` is meant so: the manager then subscribes to nothing, so calls cost no event traffic at all. Its
    TLS port is served all the same (`certificate`). It matters only for what it would tell by itself.
    """
    return f"""[general]
enabled=no
webenabled=no
tlsenable=yes
tlsbindaddr=127.0.0.1:{config.ami_port}
tlscertfile={config.ami_certificate}
displayconnects=no
authtimeout=10
authlimit=20
timestampevents=no

[{config.ami_user}]
secret={config.ami_secret}
deny=0.0.0.0/0.0.0.0
permit=127.0.0.0/255.0.0.0
read=system,command,reporting
write=system,call,command,reporting,config,originate,dialplan
writetimeout=10000
eventfilter(action(include),name(FullyBooted))=
"""


def http_conf(config: Config) -> str:
    """The engine's own web server, loopback only: SIP over WebSocket, passed on by the web process (api.websip)."""
    return f"[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport={config.http_port}\nservername=\n"


def cel_conf(_config: Config) -> str:
    """Which channel events reach the journal."""
    return f"[general]\nenable=yes\napps=\nevents={','.join(JOURNAL_EVENTS)}\n"


def cel_custom_conf(config: Config) -> str:
    """The journal: tab-separated, a field quoted (with the control character 0x01, doubled inside) only when
    it holds a tab, a line break or 0x01 itself. JSON of this module does not escape, so it is not used."""
    return f"""[{config.journal_path.name}]
format=dsv
separator_character=\\t
quote_character=\x01
quote_escape_character=\x01
quoting_method=none
fields={",".join(JOURNAL_FIELDS)}
"""


def musiconhold_conf(_config: Config) -> str:
    """The exchange's own music and silence; the clients' classes stand in engine.db, read at each start of music, so
    an uploaded file is heard at once."""
    return (
        "[general]\ncachertclasses=no\n"
        "\n[default]\nmode=files\ndirectory=moh\n"
        "\n[silence]\nmode=files\ndirectory=silence\n"
    )


def res_parking_conf(_config: Config) -> str:
    """Clients' lots are made from this template when somebody parks (`dialplan.parking`)."""
    return f"""[general]
parkeddynamic=yes

[ats]
context => ats-none
parkpos => 1-{PLACES}
parkingtime => {WAIT_S}
findslot => first
comebacktoorigin=no
comebackcontext=ats-parked
"""


def queues_conf(_config: Config) -> str:
    """Queues and their agents stand in engine.db; here is what holds for all of them.

    `shared_lastcall=no`: an agent of two queues rests after a call of either by that queue's own rule.
    """
    return "[general]\npersistentmembers=no\nautofill=yes\nshared_lastcall=no\nlog_membername_as_agent=no\n"


def confbridge_conf(_config: Config) -> str:
    """What rooms have in common; the rest is set per call (see `dialplan.elements.conferences`)."""
    return (
        "[general]\n"
        "\n[default_user]\ntype=user\nmusic_on_hold_when_empty=yes\nannounce_only_user=no\n"
        "dsp_drop_silence=yes\nquiet=no\nannounce_user_count=no\n"
        "\n[default_bridge]\ntype=bridge\nmixing_interval=20\ninternal_sample_rate=8000\n"
    )


def indications_conf(_config: Config) -> str:
    """Tones of Russia (GOST R 50971): 425 Hz."""
    return """[general]
country=ru

[ru]
description = Russian Federation
ringcadence = 1000,4000
dial = 425
busy = 425/350,0/350
ring = 425/1000,0/4000
congestion = 425/175,0/175
callwaiting = 425/200,0/5000
record = 1400/400,0/15000
info = !950/330,!1400/330,!1800/330,0
"""


def udptl_conf(config: Config) -> str:
    """T.38 uses the same range as sound, so a firewall needs no second hole; busy ports are skipped."""
    return f"""[general]
udptlstart={config.rtp_start}
udptlend={config.rtp_end}
udptlfecentries=3
udptlfecspan=3
use_even_ports=no
"""


RES_FAX_CONF = """[general]
maxrate=14400
minrate=2400
statusevents=no
modems=v17,v27,v29
ecm=yes
"""


def simple_files(config: Config) -> dict[str, str]:
    """File name → text of every configuration file that depends on the instance's settings only."""
    return {
        "asterisk.conf": asterisk_conf(config),
        "modules.conf": modules_conf(config),
        "logger.conf": logger_conf(config),
        "stasis.conf": stasis_conf(config),
        "pjsip.conf": pjsip_conf(config),
        "pjsip_trunks.conf": '; One file per client that has trunks.\n#tryinclude "trunks/*.conf"\n',
        "pjsip_notify.conf": "",  # nothing is sent but what the agent writes itself
        "pjproject.conf": "[startup]\nlog_level=1\n",
        "sorcery.conf": sorcery_conf(config),
        "extconfig.conf": extconfig_conf(config),
        "res_config_sqlite3.conf": res_config_sqlite3_conf(config),
        "rtp.conf": rtp_conf(config),
        "manager.conf": manager_conf(config),
        "http.conf": http_conf(config),
        "cel.conf": cel_conf(config),
        "cel_custom.conf": cel_custom_conf(config),
        "cdr.conf": "[general]\nenable=no\n",
        "musiconhold.conf": musiconhold_conf(config),
        "queues.conf": queues_conf(config),
        "confbridge.conf": confbridge_conf(config),
        "indications.conf": indications_conf(config),
        "res_parking.conf": res_parking_conf(config),
        "udptl.conf": udptl_conf(config),
        "res_fax.conf": RES_FAX_CONF,
        "ccss.conf": "[general]\n",
        "cli_aliases.conf": "[general]\ntemplate=none\n",
    }
