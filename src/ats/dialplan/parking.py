"""Contexts of parking (S137), return (S140) and recording (S138, S139): static, shared by all clients.

A parking lot belongs to a client (`c17`) and is made by the engine when somebody parks: no client ever sees
another's parked calls. Lots have places 1-99. A call that nobody takes rings the one who parked it, three times in all.
"""

from ats.dialplan.elements.base import PATH

PLACES = 99
WAIT_S = 45
CONTEXTS = rf"""
; Nothing can be dialled here: where a transfer that is not allowed goes.
[ats-none]
exten => i,1,Hangup(21)

; Subroutine (client, letters) of a channel: r records it, d lets it record on demand, t lets it transfer by codes to
; what the client may dial. `b`: only while it talks. A channel that leads outside (Local) is no leg that call detail
; knows as the client's: its recording is the caller's (`-o`).
[ats-mark]
exten => s,1,Set(ATSOUT=$["${{CHANNEL(name):0:6}}" = "Local/"])
 same => n,Set(ATSOF=${{ARG1}}/${{IF(${{ATSOUT}}?${{CHANNEL(linkedid)}}:${{UNIQUEID}})}})
 same => n,ExecIf($["${{FILTER(r,${{ARG2}})}}" != ""]?MixMonitor(${{ATSOF}}${{IF(${{ATSOUT}}?-o${{EPOCH}})}}.raw,bD))
 same => n,ExecIf($["${{FILTER(d,${{ARG2}})}}" != ""]?Set(DYNAMIC_FEATURES=ats-record))
 same => n,ExecIf($["${{FILTER(t,${{ARG2}})}}" != ""]?Set(TRANSFER_CONTEXT=c${{ARG1}}))
 same => n,Return()

; Subroutine of the one of several who answered (agents of a queue, several targets at once). ATSWHO, inherited from the
; caller: client, marks that hold whoever it is, and the context where the marks of forwarding numbers and IAX2 ports
; stand. A SIP port's own are in the tag of its caller id.
[ats-who]
exten => s,1,Set(ATSL=${{CUT(ATSWHO,-,2)}})
 same => n,Set(ATSX=${{CUT(CHANNEL(name),@,1)}})
 same => n,ExecIf($["${{ATSX:0:7}}" = "Local/u"]?Set(ATSX=Local/o${{CUT(ATSX,*,2)}}))
 same => n,GotoIf($["${{ATSX:0:7}}" = "Local/o"]?outside)
 same => n,GotoIf($["${{ATSX:0:5}}" = "IAX2/"]?iax)
 same => n,GotoIf($["${{ATSX:0:6}}" != "PJSIP/" | "${{CUT(ATSWHO,-,3)}}" = ""]?mark)
 same => n,Set(ATSL=${{ATSL}}${{FILTER(rdT,${{PJSIP_ENDPOINT(${{CHANNEL(endpoint)}},callerid_tag)}})}})
 same => n,Goto(mark)
 same => n(outside),Set(ATSX=${{CUT(ATSWHO,-,3)}},z${{FILTER(0-9,${{ATSX:7}})}},1)
 same => n,GosubIf(${{DIALPLAN_EXISTS(${{ATSX}})}}?${{ATSX}})
 same => n,Goto(mark)
 same => n(iax),Set(ATSX=${{CUT(ATSWHO,-,3)}},x${{FILTER(0-9t,${{CUT(ATSX,-,1):5}})}},1)
 same => n,GosubIf(${{DIALPLAN_EXISTS(${{ATSX}})}}?${{ATSX}})
 same => n(mark),GotoIf($["${{ATSL}}" = ""]?done)
 same => n,Gosub(ats-mark,s,1(${{CUT(ATSWHO,-,1)}},${{ATSL}}))
 same => n(done),Return()

; The same for a queue that goes round, which besides notes who answered.
[ats-who-turn]
exten => s,1,Gosub(ats-who,s,1)
 same => n,Goto(ats-turn,s,1)

; The same where codes are known for the sake of some of those who were rung: whose own ДВО do not hold them does not
; have them. Without a code the engine passes his talk on as it passes any other.
[ats-who-keys]
exten => s,1,Gosub(ats-who,s,1)
 same => n,GotoIf($["${{FILTER(Tt,${{ATSL}})}}" != ""]?done)
 same => n,Set(FEATUREMAP(blindxfer)=)
 same => n,Set(FEATUREMAP(atxfer)=)
 same => n(done),Return()

[ats-who-keys-turn]
exten => s,1,Gosub(ats-who-keys,s,1)
 same => n,Goto(ats-turn,s,1)

; Subroutine (client) of a caller before an element that rings nobody itself (a menu, a conference): what he talks from
; here on is recorded, until `end`.
[ats-through]
exten => s,1,ExecIf($["${{ATSMIXT}}" = ""]?MixMonitor(${{ARG1}}/${{UNIQUEID}}-o${{EPOCH}}.raw,bDi(ATSMIXT)))
 same => n,Return()
exten => end,1,ExecIf($["${{ATSMIXT}}" != ""]?StopMixMonitor(${{ATSMIXT}}))
 same => n,Set(ATSMIXT=)
 same => n,Return()

; Subroutine (client, room) of a caller who enters a recorded room: its sound becomes one file, begun by whoever comes
; into the empty room, and a mark says that this call was there, too. `new/<client>/<unique id>-c<epoch>.raw`, mono.
[ats-room]
exten => s,1,Set(ATSOF=${{IF($["${{CHANNEL(name):0:6}}" = "Local/"]?${{CHANNEL(linkedid)}}:${{UNIQUEID}})}})
 same => n,Set(ATSAT=${{EPOCH}})
 same => n,Set(CONFBRIDGE(bridge,record_file)=${{ARG1}}/${{ATSOF}}-c${{ATSAT}}.raw)
 same => n,Set(CONFBRIDGE(bridge,record_file_timestamp)=no)
 same => n,Set(CONFBRIDGE(bridge,record_conference)=yes)
 same => n,Set(FILE(${{ASTSPOOLDIR}}/incoming/room~${{ARG1}}~${{ARG2}}~${{ATSAT}}~${{ATSOF}})=.)
 same => n,Return()

; The code for recording was keyed by this channel: begin, or end.
[ats-demand]
exten => s,1,GotoIf($["${{ATSMIX}}" != ""]?end)
 same => n,MixMonitor(${{ATSOF}}-d${{EPOCH}}.raw,bDi(ATSMIX))
 same => n,Return()
 same => n(end),StopMixMonitor(${{ATSMIX}})
 same => n,Set(ATSMIX=)
 same => n,Return()

; A transfer or forward has failed: ring the one who sent the call (ATSBACK, else who transferred it), then end as it
; would have. The extension is what failed: DIALSTATUS or a cause.
[ats-back]
exten => _[A-Z0-9]!,1,Set(ATSBY=${{IF($["${{ATSBACK}}" != ""]?${{ATSBACK}}:${{CUT(BLINDTRANSFER,-,1)}})}})
 same => n,Set(ATSBACK=)
 same => n,Set(BLINDTRANSFER=)
 same => n,GotoIf($["${{ATSBY:0:6}}" != "PJSIP/" & "${{ATSBY:0:5}}" != "IAX2/"]?ats-end,${{EXTEN}},1)
 same => n,Set({PATH}=${{{PATH}}} back)
 same => n,Dial(${{ATSBY}},45,gi)
 same => n,Goto(ats-end,${{IF($["${{DIALSTATUS}}" = "ANSWER"]?ANSWER:${{EXTEN}})}},1)

; Parking: a call is sent here by a phone (BLINDTRANSFER names it), or a phone calls here itself. The client and whether
; it may park are the phone's: read from its endpoint, never from the call that is sent.
[ats-park]
exten => _X!,1,GotoIf($["${{ATSNOPARK}}" != ""]?no)
 same => n,Set(ATSBY=${{CUT(BLINDTRANSFER,-,1)}})
 same => n,Set(ATSLOT=${{CHANNEL(accountcode)}})
 same => n,Set(ATSMAY=${{CALLERID(tag)}})
 same => n,GotoIf($["${{ATSBY}}" = ""]?known)
 same => n,GotoIf($["${{ATSBY:0:6}}" != "PJSIP/"]?no)
 same => n,Set(ATSLOT=${{PJSIP_ENDPOINT(${{ATSBY:6}},accountcode)}})
 same => n,Set(ATSMAY=${{PJSIP_ENDPOINT(${{ATSBY:6}},callerid_tag)}})
 same => n(known),GotoIf($["${{FILTER(K,${{ATSMAY}})}}" != "K"]?no)
 same => n,Set(ATSBACKS=0)
 same => n,Set(CHANNEL(musicclass)=c${{ATSLOT}})
 same => n(again),Set(PARKINGDYNAMIC=ats)
 same => n,Set(PARKINGDYNPOS=1-{PLACES})
 same => n,Set(PARKINGDYNCONTEXT=ats-none)
 same => n,Set(PARKINGEXTEN=${{IF($[${{EXTEN}} > 0]?${{EXTEN}})}})
 same => n,Park(c${{ATSLOT}},t({WAIT_S}))
 same => n,Hangup(20)
 same => n(no),Hangup(21)

; Take a parked call, or, when a call is sent here, park it on that very place.
[ats-unpark]
exten => _X!,1,GotoIf($["${{BLINDTRANSFER}}" != ""]?ats-park,${{EXTEN}},1)
 same => n,ParkedCall(c${{CHANNEL(accountcode)}},${{EXTEN}})
 same => n,Hangup(1)

; Nobody took it: back to the one who parked it. When he does not answer it is parked once more, and Park is told again
; who did that and where: a call that was consulted about and then transferred here knows neither.
[ats-parked]
exten => s,1,Set(ATSBACKS=$[0${{ATSBACKS}} + 1])
 same => n,GotoIf($["${{PARKER:0:6}}" != "PJSIP/" & "${{PARKER:0:5}}" != "IAX2/"]?end)
 same => n,Dial(${{PARKER}},30,gi)
 same => n,GotoIf($["${{DIALSTATUS}}" = "ANSWER" | ${{ATSBACKS}} >= 3]?end)
 same => n,Set(ATSLOT=${{FILTER(0-9,${{PARKEDLOT}})}})
 same => n,Set(BLINDTRANSFER=${{PARKER}}-0)
 same => n,Goto(ats-park,0,again)
 same => n(end),Hangup(${{IF($["${{DIALSTATUS}}" = "ANSWER"]?16:19)}})
"""
