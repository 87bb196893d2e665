"""Static contexts of voicemail and fax: no Python takes part when a box is listened to or a fax arrives.

What the worker knows and the engine needs stands in files: a box's `list` (mailboxes.files). What the engine learns
and the worker must know are small files in `spool/incoming`, taken in by it (mailboxes.incoming, faxes.incoming).
"""

# Items of a list: <id>:<epoch>:<caller>, joined by «-».
VOICEMAIL_CONTEXTS = r"""
; A telephone listens to its box: box, PIN, then each message with its caller and time.
[ats-vm]
exten => s,1,Answer()
 same => n,GotoIf(${DIALPLAN_EXISTS(c${CHANNEL(accountcode)}.in,ver,1)}?known)
 same => n(nobox),Playback(vm-nobox)
 same => n,Return()
 same => n(known),Gosub(c${CHANNEL(accountcode)}.in,ver,1)
 same => n,Set(ATSTRY=0)
 same => n(ask),Set(ATSTRY=$[${ATSTRY} + 1])
 same => n,GotoIf($[${ATSTRY} > 3]?bye)
 same => n,Read(ATSBOX,vm-login,6,,1,10)
 same => n,Read(ATSPIN,vm-password,10,,1,10)
 same => n,GotoIf($[${DIALPLAN_EXISTS(${ATSCTX},vb${FILTER(0-9,${ATSBOX})},1)} = 0]?wrong)
 same => n,Gosub(${ATSCTX},vb${FILTER(0-9,${ATSBOX})},1)
 same => n,GotoIf($["${ATSVMPIN}" = "${FILTER(0-9,${ATSPIN})}"]?in)
 same => n(wrong),Playback(vm-incorrect-mailbox)
 same => n,Goto(ask)
 same => n(in),Set(ATSVMPIN=)
 same => n,Set(ATSDIR=${CHANNEL(accountcode)}/${ATSVM})
 same => n,Set(ATSLIST=${FILE(${ASTDATADIR}/sounds/ats-vm/${ATSDIR}/list)})
 same => n,Set(ATSN=0)
 same => n(next),Set(ATSN=$[${ATSN} + 1])
 same => n,Set(ATSITEM=${CUT(ATSLIST,-,${ATSN})})
 same => n,Set(ATSID=${FILTER(0-9,${CUT(ATSITEM,:,1)})})
 same => n,GotoIf($["${ATSID}" = ""]?nomore)
 same => n,Set(ATSFROM=${FILTER(0-9,${CUT(ATSITEM,:,3)})})
 same => n(again),ExecIf($["${ATSFROM}" != ""]?Playback(vm-from-phonenumber))
 same => n,ExecIf($["${ATSFROM}" != ""]?SayDigits(${ATSFROM}))
 same => n,Playback(vm-received)
 same => n,SayUnixTime(${FILTER(0-9,${CUT(ATSITEM,:,2)})},${ATSZONE})
 same => n,Set(FILE(${ASTSPOOLDIR}/incoming/seen~${ATSID})=${ATSVM}~.)
 same => n,Read(ATSKEY,ats-vm/${ATSDIR}/${ATSID},1,,1,1)
 same => n(menu),GotoIf($["${ATSKEY}" = "5"]?again)
 same => n,GotoIf($["${ATSKEY}" = "6"]?next)
 same => n,GotoIf($["${ATSKEY}" = "7"]?delete)
 same => n,Read(ATSKEY,vm-repeat&vm-next&vm-delete,1,,1,5)
 same => n,GotoIf($["${ATSKEY}" != ""]?menu)
 same => n,Goto(next)
 same => n(delete),Set(FILE(${ASTSPOOLDIR}/incoming/del~${ATSID})=${ATSVM}~.)
 same => n,Playback(vm-deleted)
 same => n,Goto(next)
 same => n(nomore),Playback(vm-nomore)
 same => n(bye),Playback(vm-goodbye)
 same => n,Return()

; How a fax went, beside its pages. The other machine calls itself what it likes: only harmless letters pass.
[ats-fax]
exten => s,1,Set(ATSSTATION=${FILTER(0-9 A-Za-z+.,${FAXOPT(remotestationid)})})
 same => n,Set(ATSERROR=${FILTER(A-Z a-z0-9_,${FAXOPT(error)})})
 same => n,Set(FILE(${ATSFAX}.txt)=${FAXOPT(status)}~${FAXOPT(pages)}~${ATSSTATION}~${ATSERROR}~${FAXMODE}~.)
 same => n,Return()
"""
