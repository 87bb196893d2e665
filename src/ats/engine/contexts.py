"""The static part of the engine's dialplan: how calls get in and out of the clients' own contexts.

What a caller typed reaches application data only through FILTER, so nothing a stranger sends is ever
evaluated. Every other context comes from the compiler (one file per client, pushed live over AMI).
"""

from ats.dialplan.conf import to_conf
from ats.dialplan.elements.outside import hop_lines
from ats.dialplan.elements.ringing import ringing_lines
from ats.dialplan.ending import ending_lines
from ats.dialplan.model import Compiled
from ats.dialplan.parking import CONTEXTS
from ats.dialplan.taking import static_lines
from ats.engine.voicemail_context import VOICEMAIL_CONTEXTS

STATIC_CONTEXTS = r"""; Written by `render_engine`. Do not edit: changes are lost at the next start.
[general]
static=yes
writeprotect=yes
autofallthrough=yes
clearglobalvars=no
extenpatternmatchnew=no

[globals]
LIMIT_WARNING_FILE=ats-own/ends-soon

; From an operator's trunk: bring the called number to E.164 digits, then find its owner.
[ats-did-in]
exten => _X!,1,Goto(did,${FILTER(0-9,${EXTEN})},1)
exten => _+X!,1,Goto(did,${FILTER(0-9,${EXTEN})},1)
exten => _810X!,1,Goto(did,${FILTER(0-9,${EXTEN:3})},1)
exten => _8XXXXXXXXXX,1,Goto(did,7${EXTEN:1},1)
exten => _[3489]XXXXXXXXX,1,Goto(did,7${EXTEN},1)
exten => s,1,Hangup(1)

; One extension per allotted external number is added by the owner's file; any other number is «no such».
[did]
exten => i,1,Hangup(1)

; From a client's own third-party line (S83-S86): everything goes to the number of that line.
[ats-line]
exten => _[0-9+]!,1,Goto(s,1)
exten => _[a-zA-Z][a-zA-Z0-9._-]!,1,Goto(s,1)
exten => s,1,Set(__ATSLINE=${CHANNEL(namedcallgroup)})
 same => n,Goto(c${CHANNEL(accountcode)}.in,${LN},1)

; A client calls out to an E.164 number: another number of this exchange first, else the operator's routes.
; Without a city number of its own to show the call is refused (21, SIP 403): operators drop or
; misbill calls whose caller number is not theirs.
[ats-out]
exten => _X!,1,Set(CHANNEL(userfield)=${CHANNEL(userfield)} ${CHANNEL(accountcode)}>${EXTEN})
 same => n,GotoIf($["${CLIP}" = ""]?refused)
 same => n,MSet(CALLERID(all)=${CLIP},TRANSFER_CONTEXT=${IF($["${TRANSFER_CONTEXT}" = ""]?c${CHANNEL(accountcode)}:${TRANSFER_CONTEXT})})
 same => n,GotoIf(${DIALPLAN_EXISTS(did,${EXTEN},1)}?did,${EXTEN},1)
 same => n,Goto(route,${EXTEN},1)
 same => n(refused),Set(CHANNEL(userfield)=${CHANNEL(userfield)} h21)
 same => n,Hangup(21)

; Feature codes (888#, *43 …), compiled into codes.v<version>; the pointer is added by the routes' file.
[codes]
exten => i,1,Hangup(1)

; Emergency numbers go out whatever anybody's limits, money or missing number say.
[ats-sos]
exten => _X!,1,Set(CHANNEL(userfield)=${CHANNEL(userfield)} ${CHANNEL(accountcode)}>${EXTEN})
 same => n,ExecIf($["${CLIP}" != ""]?Set(CALLERID(all)=${CLIP}))
 same => n,Goto(route,${EXTEN},1)

; The one way out for everything that is not a subscriber's own free call: who pays is client ${ATSC}, whoever's
; channel this is. ${ATSASK}, the client's context, is set when its calls cost money: then the authoriser is asked,
; once. It answers ${ATSS}: `S(60)`, the longest talk in seconds as an option of Dial, or `!code`, why not. S stays with
; the other operator's channel through transfers, which L would not. When it is silent, what the client's context
; has as d<E.164> may go all the same. ${ATSU}: the user on whose behalf, where that is known;
; L has the caller warned of its end, ${ATSWARN} seconds before; it is gone after a transfer, S is not.
; ${ATSO}: a limit on its length in seconds, ${ATSEC}: the elements whose limits are counted, both set by the client's
; own context; ${BLINDTRANSFER}, ${TRANSFERERNAME}: the channel that has sent this call on, or asks first by code.
[ats-leave]
exten => _X!,1,Set(CHANNEL(userfield)=${CHANNEL(userfield)} ${ATSC}>${EXTEN})
 same => n,GotoIf($["${ATSCLIP}" = ""]?noclip)
 same => n,MSet(CALLERID(all)=${IF($["${CHANNEL(accountcode)}" = "${ATSC}" & "${CLIP}" != ""]?${CLIP}:${ATSCLIP})},TRANSFER_CONTEXT=${IF($["${CHANNEL(accountcode)}${TRANSFER_CONTEXT}" = "${ATSC}"]?c${ATSC}:${TRANSFER_CONTEXT})},ATSS=${IF($["${ATSO}" = "" | "${ATSASK}" != ""]?:S(${ATSO})L(${ATSO}000:${ATSWARN}000))})
 same => n,GotoIf(${DIALPLAN_EXISTS(did,${EXTEN},1)}?did,${EXTEN},1)
 same => n,GotoIf($["${ATSASK}" = ""]?route,${EXTEN},1)
 same => n,AGI(agi://127.0.0.1:@AGI_PORT@/${ATSC}/${EXTEN}/${CHANNEL(linkedid)}/${ATSU}/${ATSO}/${ATSEC}/${FILTER(A-Za-z0-9/-,${BLINDTRANSFER}/${TRANSFERERNAME})})
 same => n,GotoIf($["${ATSS:0:2}" = "S("]?route,${EXTEN},1)
 same => n,GotoIf($["${ATSS}" != ""]?refused)
 same => n,GotoIf(${DIALPLAN_EXISTS(${ATSASK},d${EXTEN},1)}?${ATSASK},d${EXTEN},1)
 same => n,Set(ATSS=!down)
 same => n(refused),Set(CHANNEL(userfield)=${CHANNEL(userfield)} ${FILTER(a-z0-9_!=@,${ATSS})})
 same => n,GotoIf($["${ATSS}" =~ "!(no|radius)_money|=s[dm]@"]?ats-limit,money,1)
 same => n,Goto(ats-limit,${IF($["${CUT(ATSS,=,2)}" != "" | "${ATSS}" = "!down" | "${ATSS}" = "!radius_silent"]?spent:unpaid)},1)
 same => n(noclip),Set(CHANNEL(userfield)=${CHANNEL(userfield)} h21)
 same => n,Hangup(21)

; Whispered to whoever pays for a talk that is about to be cut (engine/authoriser/warning.py).
[ats-warn]
exten => s,1,Answer()
 same => n,Playback(${LIMIT_WARNING_FILE})
 same => n,Hangup()

; «Авторизация по PIN» (S234), a subroutine: asks three times, returns the user's id and leaves in ATSWANT what he
; wants to call, or returns nothing. Who guesses is locked out by the authoriser.
[ats-pin]
exten => s,1,Answer()
 same => n,Set(LOCAL(try)=0)
 same => n(ask),Read(ATSPIN,vm-password,10,,1,10)
 same => n,Set(ATSS=)
 same => n,AGI(agi://127.0.0.1:@AGI_PORT@/pin/${ARG1}/0${FILTER(0-9,${ATSPIN})}/0${FILTER(0-9,${CALLERID(num)})})
 same => n,GotoIf($["${ATSS:0:1}" = "U"]?known)
 same => n,Set(LOCAL(try)=$[${LOCAL(try)} + 1])
 same => n,Playback(vm-incorrect)
 same => n,GotoIf($[${LOCAL(try)} < 3]?ask)
 same => n,Return()
 same => n(known),Read(ATSWANT,vm-enter-num-to-call,20,,1,10)
 same => n,Return(${FILTER(0-9,${ATSS})})

; The operator's routes are compiled into route.v<version>; the pointer `_X!` is added by their file.
[route]
exten => i,1,Hangup(3)
"""  # noqa: E501

CLIENT_FILES = '#tryinclude "clients/*.conf"\n'


def extensions_conf(agi_port: int) -> str:
    """The whole static file: the contexts here, `ats-end` from the compiler's room, then the clients' files."""
    ending = to_conf(Compiled(0, (*ending_lines(), *static_lines(), *ringing_lines(), *hop_lines()), ()))
    contexts = (STATIC_CONTEXTS + CONTEXTS).replace("@AGI_PORT@", str(agi_port))
    contexts += VOICEMAIL_CONTEXTS
    return (
        f"{contexts}\n"
        "; How a walk through steps ends (ats.dialplan.ending), how lines are counted (ats.dialplan.limits).\n"
        f"{ending}\n{CLIENT_FILES}"
    )
