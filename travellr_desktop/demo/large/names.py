"""People of many tongues, drawn from a seed: as many as are asked for, some of them of one name."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from travellr_desktop.domain.text import fold, name_key, phone_key, search_text

_TONGUES: tuple[tuple[int, str, str, str], ...] = (
    (14, "+382 6{} 555", "Ana Marko Milica Nikola Jovana Luka Jelena Đorđe Anđela Vuk Željka Goran",
     "Petrović Vuković Đukić Radulović Šćepanović Ćetković Živković Perović Vučinić Nikčević"),
    (14, "+49 15{} 555", "Jürgen Anneliese Lukas Sophie Käthe Björn Greta Maximilian Änne Felix",
     "Müller Schäfer Größl Weiß Köhler Müßig Böhm Schröder Jäger Krüger"),
    (12, "+44 77{} 555", "Oliver Amelia Harry Isla George Emily Rhys Fiona Seán Siobhán",
     "Clarke Featherstone MacGillivray O'Brien Winterbottom Llywelyn Patel Singh Turner Bennett"),
    (9, "+33 6{} 555", "Éléonore Jean-Baptiste Maëlle Théo Zoé François Chloé Noël Amélie Jérôme",
     "Lefèbvre Œuvrard Dubois Gagnon Bérard Château Hébert Rançon Lévêque Moreau"),
    (8, "+39 3{} 555", "Giulia Niccolò Chiara Matteo Sofia Lorenzo Martina Alessandro",
     "D'Alessandro Sant'Angelo Rossi Ferrari Bianchi Ricci Conti Esposito"),
    (8, "+34 6{} 555", "María José Lucía Iñigo Núria Álvaro Inés Andrés",
     "García Fernández Ibáñez Etxeberria Puig Muñoz Peña Núñez"),
    (7, "+48 5{} 555", "Małgorzata Grzegorz Zofia Łukasz Agnieszka Stanisław Żaneta Paweł",
     "Wójcik Brzęczyszczykiewicz Kowalski Żak Nowak Dąbrowski Zieliński Król"),
    (6, "+46 7{} 555", "Åsa Søren Astrid Henrik Ragnhild Väinö Þórbjörg Jökull",
     "Öberg Nyberg Söderberg Kjærgaard Ødegård Hämäläinen Guðmundsdóttir Lindström"),
    (5, "+90 5{} 555", "Gülşen Çağrı Fırat İpek Ömer Şule Ayşe Emre", "Yıldırım Öztürk İnce Çelik Şahin Koç Aydın"),
    (4, "+7 9{} 555", "Елена Стефан Христина Олександр Анна Дмитрий",
     "Соколова Петровски Димитрова Шевченко Иванова Волков"),
    (4, "+30 69{} 555", "Γιώργος Ελένη Κώστας Μαρία Νίκος", "Παπαδόπουλος Καραγιάννη Νικολάου Γεωργίου"),
    (3, "+86 13{} 555", "小明 娜娜 怡君 伟 芳 建国", "王 欧阳 陳 李 张"),
    (3, "+81 90{} 555", "さくら 健太郎 花子 翔太", "山田 佐藤 鈴木 高橋"),
    (3, "+84 9{} 555", "Thị Ánh Đức Thịnh Minh Hoà", "Nguyễn Trần Lê Phạm"),
    (3, "+971 5{} 555", "فاطمة محمد ليلى نورة يوسف", "حسين حداد الراشد منصور"),
    (2, "+972 5{} 555", "דוד שירה נועם יעל", "לוי כהן מזרחי"),
    (2, "+91 9{} 555", "अमित प्रिया Harpreet Lakshmi", "शर्मा Gill Venkataraman Kaur"),
)  # fmt: skip
_ADDRESSES = ("example.com", "example.org")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who buys; `surname` is what those who travel with them are called too."""

    name: str
    surname: str
    given: tuple[str, ...]
    email: str
    phone: str
    search: str
    name_key: str
    phone_key: str


class People:
    """Draws people. Telephone numbers hold 555 and addresses end in example.com or example.org."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._tongues = [(code, given.split(), names.split()) for _, code, given, names in _TONGUES]
        self._weights = [weight for weight, *_ in _TONGUES]
        self._keys: dict[str, tuple[str, str]] = {}
        self._count = 0

    def draw(self) -> Person:
        rng, self._count = self._rng, self._count + 1
        code, given, names = rng.choices(self._tongues, self._weights)[0]
        first, surname = rng.choice(given), rng.choice(names)
        if rng.random() < 0.25:
            surname = (
                f"{surname}-{rng.choice(names)}" if surname.isascii() else f"{rng.choice(given)} {surname}"
            )
        name = f"{first} {surname}"
        if name not in self._keys:
            folded = "".join(ch if ch.isascii() and ch.isalnum() else "." for ch in fold(name))
            self._keys[name] = name_key(name), ".".join(part for part in folded.split(".") if part)
        key, address = self._keys[name]
        kind = rng.random()
        email = f"{address or 'guest'}{self._count}@{rng.choice(_ADDRESSES)}" if kind > 0.15 else ""
        phone = f"{code.format(rng.randrange(10))} {rng.randrange(1_000_000):06d}" if kind < 0.85 else ""
        return Person(
            name, surname, tuple(given), email, phone, search_text(name, email, phone), key, phone_key(phone)
        )
