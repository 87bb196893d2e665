"""Every text the API says, in both languages; nothing else in the code speaks to people.

Codes are part of the contract, texts are not. A test checks that no code lacks a text.
"""

from ats.api.fieldnames import FIELDS
from ats.api.lintwords import REMARKS

# code: (Russian, English); {names} are filled from the fault's params
TEXTS: dict[str, tuple[str, str]] = {
    # whole requests
    "invalid": ("Проверьте отмеченные поля.", "Check the marked fields."),
    "bad_request": ("Запрос не разобран.", "The request could not be understood."),
    "not_found": ("Не найдено.", "Not found."),
    "forbidden": ("Недостаточно прав для этого действия.", "You have no right to do this."),
    "not_logged_in": ("Войдите в систему.", "Log in first."),
    "bad_token": ("Ключ доступа неверен или отозван.", "The access token is wrong or revoked."),
    "csrf": (
        "Страница устарела: обновите её и повторите.",
        "The page is out of date: reload it and try again.",
    ),
    "bad_login": ("Неверное имя пользователя или пароль.", "Wrong user name or password."),
    "no_http_login": (
        "У пользователя нет права «Вход по HTTP».",
        "This user has no right to log in over HTTP.",
    ),
    "second_factor": ("Введите одноразовый код.", "Enter a one-time code."),
    "wrong_code": ("Код неверен или уже использован.", "The code is wrong or has been used."),
    "factor_on": ("Одноразовые коды уже включены.", "One-time codes are on already."),
    "factor_needed": (
        "Оператор требует второй фактор: настройте одноразовые коды или ключ доступа в «Моих настройках».",
        "The operator demands a second factor: set up one-time codes or a passkey in “My settings”.",
    ),
    "bad_passkey": ("Ключ доступа не подошёл.", "The passkey does not fit."),
    "throttled": (
        "Слишком много попыток. Повторите через {seconds} с.",
        "Too many attempts. Try again in {seconds} s.",
    ),
    "server_error": (
        "Внутренняя ошибка. Она записана в журнал; попробуйте ещё раз.",
        "Internal error. It has been logged; please try again.",
    ),
    "too_large": ("Слишком большой запрос: не больше {limit} МБ.", "Too large: {limit} MB at most."),
    "changed": (
        "Диалплан уже изменил кто-то другой. Ничего не перезаписано: загрузите новую версию.",
        "Somebody else has changed this dialplan. Nothing was overwritten: load the new version.",
    ),
    "webrtc_networks": (
        "Веб-телефон приходит через веб-сервер: сети порта для него не действуют, оставьте поле пустым.",
        "A browser's phone comes through the web server: networks do not apply to it, leave this empty.",
    ),
    "in_use": ("Используется: {where}. Сначала уберите оттуда.", "In use: {where}. Remove it there first."),
    "client_not_empty": (
        "У клиента ещё есть: {where}. Сначала удалите или освободите их.",
        "The client still has: {where}. Delete or release them first.",
    ),
    "number_taken": ("Номер уже выделен другому клиенту.", "The number has been allotted to somebody else."),
    "operator_client": ("Клиента-оператора удалить нельзя.", "The operator's own client cannot be deleted."),
    "own_user": (
        "Себя удалить, заблокировать или лишить прав нельзя.",
        "You cannot delete or block yourself, nor take your own rights.",
    ),
    "last_admin": (
        "Это последний администратор системы.",
        "This is the last administrator of the system.",
    ),
    "rights_above_own": (
        "Нельзя дать права, которых нет у вас, или менять того, у кого их больше.",
        "You cannot give rights you do not have, nor change somebody who has more.",
    ),
    "in_person": (
        "Это делают, войдя в кабинет: по ключу доступа нельзя.",
        "This is done logged in to the cabinet: not by an access key.",
    ),
    # taking changes back
    "undo_never": (
        "Такое действие отменить нельзя: обратного действия для него нет.",
        "This cannot be undone: there is no reverse of it.",
    ),
    "undo_secret": (
        "Отменить нельзя: прежний пароль или ПИН-код журнал не хранит.",
        "This cannot be undone: the journal does not keep the old password or PIN.",
    ),
    "undo_lost": (
        "Отменить нельзя: удалённое не восстановить из журнала.",
        "This cannot be undone: what was deleted cannot be made again from the journal.",
    ),
    "undo_unfit": (
        "Отменить нельзя, прежнее уже не подходит: {what}",
        "This cannot be undone, what was does not fit any more: {what}",
    ),
    "undo_field": ("поле «{field}»: {why}", "field “{field}”: {why}"),
    "undo_done": ("Это изменение уже отменено.", "This change has been undone already."),
    "undo_gone": (
        "Отменить нельзя: объекта больше нет.",
        "This cannot be undone: the thing is no more.",
    ),
    "undo_changed": (
        "Отменить нельзя: с тех пор это изменили ещё раз ({what}). Сначала отмените более новые изменения.",
        "This cannot be undone: it was changed again since ({what}). Undo the newer changes first.",
    ),
    "undo_touched": (
        "Отменить создание нельзя: объект с тех пор меняли. Удалите его сами, если он не нужен.",
        "The creation cannot be undone: the thing was changed since. Delete it yourself if it is not needed.",
    ),
    "undo_nothing": ("Отменять нечего: всё уже так, как было.", "Nothing to undo: all is as it was."),
    "undo_contacts": (
        "Отменить нельзя: контакты удалённого классификатора ({count}) журнал не хранит.",
        "This cannot be undone: the journal does not keep the contacts of the deleted classifier ({count}).",
    ),
    "undo_messages": (
        "Отменить нельзя: сообщения удалённого ящика ({count}) не восстановить.",
        "This cannot be undone: the messages of the deleted box ({count}) cannot be brought back.",
    ),
    "banned": (
        "С этого адреса вход закрыт: слишком много неверных паролей. Обратитесь к оператору.",
        "This address is shut out: too many wrong passwords. Ask the operator.",
    ),
    "bad_certificate": (
        "Это не сертификат в формате PEM (-----BEGIN CERTIFICATE-----).",
        "This is no certificate in PEM format (-----BEGIN CERTIFICATE-----).",
    ),
    "bad_private_key": (
        "Это не закрытый ключ в формате PEM (-----BEGIN PRIVATE KEY-----).",
        "This is no private key in PEM format (-----BEGIN PRIVATE KEY-----).",
    ),
    "key_encrypted": (
        "Ключ защищён паролем. Снимите его: openssl pkey -in ключ.pem -out открытый.pem",
        "The key has a password. Take it off: openssl pkey -in key.pem -out plain.pem",
    ),
    "key_kind": (
        "Такой ключ понимают не все: нужен RSA от 2048 бит, EC P-256 или P-384.",
        "Not everybody understands such a key: RSA of 2048 bits or more, EC P-256 or P-384 is needed.",
    ),
    "key_mismatch": (
        "Ключ не подходит к сертификату.",
        "The key does not belong to the certificate.",
    ),
    "certificate_over": ("Срок сертификата истёк {day}.", "The certificate ended on {day}."),
    "certificate_early": (
        "Сертификат начнёт действовать только {day}.",
        "The certificate begins only on {day}.",
    ),
    "certificate_followed": (
        "Сертификат берётся из файла {file}: меняйте файл или уберите его (./ats up --certificate '').",
        "The certificate is taken from the file {file}: change that, or take it away (./ats up --certificate '').",
    ),
    "file_unreadable": ("Файл {file} не читается: {reason}.", "The file {file} cannot be read: {reason}."),
    "more_calls_now": (
        "Вызовов стало больше: сейчас {calls}. Движок не перезапущен.",
        "There are more calls by now: {calls}. The engine was not restarted.",
    ),
    "no_supervisor": (
        "Супервизор станции не ответил. Перезапустите её на сервере: ./ats down && ./ats up.",
        "The supervisor of the exchange did not answer. Restart it on the server: ./ats down && ./ats up.",
    ),
    "backup_running": ("Копия уже делается.", "A backup is being made already."),
    "own_address": (
        "Этот адрес закрывать нельзя: с него работаете вы сами или сама станция.",
        "This address cannot be shut out: it is your own or the exchange's.",
    ),
    # money
    "operators_matter": ("Это задаёт только оператор.", "Only the operator sets this."),
    "bad_money": ("Нужна сумма вида 12,50.", "An amount such as 12.50 is expected."),
    "bad_currency": ("Три буквы, например RUB.", "Three letters, such as RUB."),
    "currency_in_use": (
        "Валюту тарифа, по которому есть счета, менять нельзя.",
        "The currency of a tariff that accounts have cannot change.",
    ),
    "other_currency": ("Валюта другого тарифа не совпадает.", "That tariff has another currency."),
    "ends_before_start": ("Конец раньше начала.", "It ends before it begins."),
    "prefix_or_zone": ("Либо префикс, либо зона.", "Either a prefix or a zone."),
    "no_such": ("Такого нет.", "There is no such thing."),
    "no_zone": ("Зоны «{name}» нет.", "There is no zone “{name}”."),
    "bad_days": ("Дни недели цифрами: 12345.", "Days of the week as digits: 12345."),
    "not_time": ("Нужно время ЧЧ:ММ.", "A time HH:MM is expected."),
    "csv_empty": ("Файл пуст.", "The file is empty."),
    "csv_header": (
        "Первая строка — названия столбцов: {columns}.",
        "The first line names the columns: {columns}.",
    ),
    "csv_too_long": ("Не больше {max} строк.", "At most {max} lines."),
    "csv_twice": ("То же, что в строке {line}.", "The same as line {line}."),
    "at_rates": ("цены тарифов ({count})", "rates of tariffs ({count})"),
    "at_accounts": ("счета ({count})", "accounts ({count})"),
    "at_radius": ("клиенты и вызовы ({count})", "clients and calls ({count})"),
    "at_ledger": ("платежи и вызовы ({count})", "payments and calls ({count})"),
    "price_attempt": ("Попытка вызова", "Attempt"),
    "price_connection": ("Соединение", "Connection"),
    "price_free": ("Бесплатно {seconds} с", "{seconds} s free"),
    "price_talk": (
        "Разговор {talk} с, к оплате {billed} с (первый интервал {first} с, далее по {next} с) по {price} за минуту",
        "Talk of {talk} s, charged {billed} s (first {first} s, then by {next} s) at {price} a minute",
    ),
    # fields
    "required": ("Заполните это поле.", "This field is required."),
    "too_long": ("Не длиннее {max} символов.", "At most {max} characters."),
    "too_short": ("Не короче {min} символов.", "At least {min} characters."),
    "control_characters": (
        "Управляющие символы и переводы строк недопустимы.",
        "Control characters and line breaks are not allowed.",
    ),
    "not_text": ("Нужен текст.", "A text is expected."),
    "not_number": ("Нужно целое число.", "A whole number is expected."),
    "not_flag": ("Нужно «да» или «нет».", "True or false is expected."),
    "not_date": ("Нужна дата ГГГГ-ММ-ДД.", "A date YYYY-MM-DD is expected."),
    "not_moment": ("Нужны дата и время в виде ISO 8601.", "A date and time in ISO 8601 is expected."),
    "not_list": ("Нужен список.", "A list is expected."),
    "not_file": ("Выберите файл.", "Choose a file."),
    "bad_value": ("Недопустимое значение.", "This value is not allowed."),
    "not_allowed": ("Допустимо: {allowed}.", "Allowed: {allowed}."),
    "out_of_range": ("От {min} до {max}.", "From {min} to {max}."),
    "too_many": ("Не больше {max}.", "At most {max}."),
    "taken": ("Уже занято.", "Already taken."),
    "cannot_change": ("После создания не меняется.", "Cannot be changed after creation."),
    "unknown_sort": ("Сортировка возможна по: {allowed}.", "Can be sorted by: {allowed}."),
    "bad_zone": ("Нет такой временной зоны.", "No such time zone."),
    "bad_email": ("Это не похоже на адрес e-mail.", "This does not look like an e-mail address."),
    "bad_login_form": (
        "Латинские буквы, цифры и . _ - @, не короче 3.",
        "Latin letters, digits and . _ - @, at least 3.",
    ),
    "bad_area_code": ("Код города: 3-5 цифр или пусто.", "Area code: 3 to 5 digits, or empty."),
    "unknown_right": ("Нет такого права: {right}.", "No such right: {right}."),
    "system_right_outside": (
        "«Управление системой» бывает только у пользователей оператора.",
        "“Manage system” is only for users of the operator.",
    ),
    "wrong_password": ("Нынешний пароль неверен.", "The present password is wrong."),
    "password_short": ("Не короче {min} символов.", "At least {min} characters."),
    "password_common": ("Такой пароль слишком распространён.", "This password is too common."),
    "password_similar": (
        "Пароль слишком похож на имя или логин.",
        "The password is too similar to the name or login.",
    ),
    "password_numeric": ("Пароль не может состоять из одних цифр.", "The password cannot be all digits."),
    "sip_password_weak": (
        "Не короче 10 знаков, с латинскими буквами и цифрами.",
        "At least 10 characters, with Latin letters and digits.",
    ),
    "sip_password_characters": (
        "Только латинские буквы, цифры и знаки . _ - ! ? + = @ # % * ( )",
        "Only Latin letters, digits and . _ - ! ? + = @ # % * ( )",
    ),
    "sip_password_login": ("Пароль не должен содержать логин.", "The password must not contain the login."),
    "bad_sip_login": ("Логин порта: от 4 до 12 цифр.", "A port's login is 4 to 12 digits."),
    "bad_internal": ("Внутренний номер: от 1 до 6 цифр.", "An internal number is 1 to 6 digits."),
    "bad_external": (
        "Это не телефонный номер. Например: +7 495 123-45-67.",
        "This is not a telephone number. For example: +7 495 123-45-67.",
    ),
    "bad_clip": (
        "Номер в международном формате, +79161234567, или начало номера со звёздочкой, +7916*.",
        "A number in international format, +79161234567, or the start of one with a star, +7916*.",
    ),
    "bad_range": (
        "Конец диапазона должен быть не меньше начала и той же длины.",
        "The end of the range must be of the same length and not below its start.",
    ),
    "bad_remote_pin": ("От {min} до {max} цифр.", "{min} to {max} digits."),
    "weak_pin": (
        "Такой PIN использовать нельзя: выберите другой.",
        "This PIN cannot be used: choose another.",
    ),
    "nobody_to_call": (
        "Звонить некому: добавьте классификаторы с номерами (маски не набираются).",
        "There is nobody to call: add classifiers with numbers (masks are not dialled).",
    ),
    "campaign_runs": (
        "Кампания выполняется. Сначала остановите её.",
        "The campaign is running. Stop it first.",
    ),
    "no_node": (
        "Сейчас ни один узел не обслуживает клиента. Повторите через минуту.",
        "No node serves this client just now. Try again in a minute.",
    ),
    "bad_url": (
        "Нужен адрес http:// или https:// без имени и пароля.",
        "An address with http:// or https:// is expected, without user and password.",
    ),
    "bad_network": (
        "«{value}» не сеть. Например: 192.0.2.0/24.",
        "“{value}” is not a network, e.g. 192.0.2.0/24.",
    ),
    "before_from": ("Конец периода раньше начала.", "The period ends before it begins."),
    "bad_address": ("Нужен IP-адрес, не имя.", "An IP address is needed, not a name."),
    "bad_host": ("Это не имя сервера и не IP-адрес.", "This is neither a host name nor an IP address."),
    "bad_remote_login": (
        "Логин: буквы, цифры и . _ - + @ без пробелов.",
        "Login: letters, digits and . _ - + @, no spaces.",
    ),
    "bad_prefix": (
        "Начало номера E.164: до 15 цифр или пусто.",
        "Start of an E.164 number: up to 15 digits, or empty.",
    ),
    "not_own": ("Нет такого у этого клиента.", "The client has no such object."),
    "not_internal": ("Нужен внутренний номер.", "An internal number is expected."),
    "not_external": ("Нужен внешний номер клиента.", "An external number of the client is expected."),
    "not_trunk": (
        "Нужен порт типа «оператор» клиента-оператора.",
        "A trunk of the operator's client is expected.",
    ),
    "only_sip": ("Только для протокола SIP.", "Only for SIP."),
    "iax_line_registers": (
        "Линия IAX2 принимает звонки только с регистрацией у оператора.",
        "An IAX2 line takes calls only when it registers with its operator.",
    ),
    "bad_iax_login": (
        "Для IAX2 — латинские буквы, цифры и знаки . _ + - (и не служебное слово).",
        "For IAX2: Latin letters, digits and . _ + - (and no reserved word).",
    ),
    "bad_iax_password": (
        "Пароль IAX2 не может содержать пробел и знаки @ : ; , / ? [ ] и кавычки.",
        "An IAX2 password cannot hold a space, @ : ; , / ? [ ] or quotes.",
    ),
    "not_h323": ("По H.323 этого нет.", "H.323 has none of this."),
    "h323_trunk": (
        "По H.323 подключаются только операторы и их шлюзы.",
        "Over H.323 only other operators and their gateways connect.",
    ),
    "h323_operator": (
        "Порты H.323 заводит только клиент-оператор: линия узнаётся по одному адресу.",
        "Only the operator's own client has H.323 ports: such a line is told by its address alone.",
    ),
    "h323_address": (
        "Для H.323 нужен IPv4-адрес, не имя.",
        "For H.323 an IPv4 address is needed, not a name.",
    ),
    "h323_networks": (
        "Для H.323 — только отдельные адреса.",
        "For H.323 only single addresses.",
    ),
    "only_trunk": ("Только для подключения «оператор».", "Only for a trunk."),
    "only_subscriber": ("Только для подключения «абонент».", "Only for a subscriber's port."),
    "twice": ("Указано дважды.", "Given twice."),
    "unknown_step": ("Нет такого шага у этого номера.", "The number has no such step."),
    "bad_time": ("Время в виде ЧЧ:ММ, до 24:00.", "Time as HH:MM, up to 24:00."),
    "empty_window": ("Начало и конец совпадают.", "The start and the end are the same."),
    "dates_reversed": ("Конец раньше начала.", "The end is before the start."),
    "no_days": ("Выберите хотя бы один день.", "Choose at least one day."),
    "past": ("Этот момент уже прошёл.", "This moment has passed."),
    "file_too_large": ("Файл больше {max} МБ.", "The file is larger than {max} MB."),
    "bad_audio": (
        "Файл не читается как звук. Подходят wav, mp3, ogg, m4a.",
        "The file cannot be read as sound. wav, mp3, ogg and m4a will do.",
    ),
    "agent_port_or_forwarding": (
        "Укажите либо порт, либо номер переадресации.",
        "Name either a port or a forwarding number.",
    ),
    "unknown_feature": ("Нет такой услуги.", "No such feature."),
    "bad_code": ("Код: от 2 до 10 знаков из цифр, * и #.", "A code is 2 to 10 of digits, * and #."),
    "code_needs_sign": (
        "В коде нужен знак * или #: код из одних цифр закрыл бы внутренний номер.",
        "A code needs a * or #: digits alone would hide an internal number.",
    ),
    "code_clash": (
        "Совпадает с кодом {code} или начинает его.",
        "The same as code {code}, or the beginning of it.",
    ),
    "no_speech": (
        "На этой станции нет программы, которая произносит тексты.",
        "This exchange has no program that speaks texts.",
    ),
    "speech_failed": ("Текст не удалось произнести.", "The text could not be spoken."),
    "choose_other_default": (
        "Отметьте звёздочкой другой пакет: эта отметка снимется сама.",
        "Mark another package as the default one: this mark goes by itself.",
    ),
    "too_long_audio": ("Звук длиннее {max} минут.", "The sound is longer than {max} minutes."),
    "bad_key": ("Клавиша: 0–9, * или #.", "A key is 0–9, * or #."),
    "bad_box": ("Номер ящика: от 1 до 6 цифр.", "A box number is 1 to 6 digits."),
    "bad_pin": ("PIN-код: от 4 до 10 цифр или пусто.", "A PIN is 4 to 10 digits, or empty."),
    "email_needed": (
        "Чтобы не хранить сообщения после отправки, укажите e-mail.",
        "Give an e-mail address to delete messages after sending.",
    ),
    "no_limit_here": (
        "У этого элемента такого ограничения не бывает.",
        "This element has no such limit.",
    ),
    "no_price": (
        "Предел денег считать нечем: внешний биллинг не называет цены. Заведите на станции счёт с тем же кодом и"
        " тарифом (по нему считается только предел) или уберите предел денег.",
        "There is no price to count a limit of money by: the outside billing names none. Add an account of the same"
        " code with a tariff here (only the limit is counted by it), or take the limit of money away.",
    ),
    "inactive_client": ("Клиент отключён.", "The client is switched off."),
    # places where something is used
    "at_step": ("диалплан номера {number}, уровень {level}", "dialplan of {number}, level {level}"),
    "at_route": ("маршрут «{prefix}»", "route “{prefix}”"),
    "at_queue": ("очередь «{name}»", "queue “{name}”"),
    "at_port": ("порт «{name}»", "port “{name}”"),
    "at_menu": ("голосовое меню «{name}»", "voice menu “{name}”"),
    "at_campaign": ("телемаркетинг «{name}»", "campaign “{name}”"),
    "at_mailbox": ("ящик голосовой почты «{name}»", "voicemail box “{name}”"),
    "at_client": ("клиент «{name}»", "client “{name}”"),
    "at_more": ("и ещё {count}", "and {count} more"),
    "has_users": ("пользователи ({count})", "users ({count})"),
    "has_numbers": ("номера ({count})", "numbers ({count})"),
    "has_ports": ("порты ({count})", "ports ({count})"),
    "has_sounds": ("звуковые сообщения ({count})", "sound messages ({count})"),
}

TEXTS.update({f"field_{name}": words for name, words in FIELDS.items()})
TEXTS.update({f"lint_{code}": words for code, words in REMARKS.items()})
