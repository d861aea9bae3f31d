"""The parts that screens are built from. Each needs `Theme.apply(app)` first, and follows `Theme.changed` by itself.

Tones are colour names of the theme (`"text"`, `"text_secondary"`, `"text_muted"`, `"accent_text"`, `"wait"`, `"bad"`).
Heights are names of sizes: `control_small` 28, `control` 32, `control_search` 36, `control_decision` 40,
`control_primary` 44. Every constructor also takes `parent=None`; icons are file names in resources/icons. All lengths
that hold text grow with the text scale.

Words and lines
    label.Label(text="", role="body", tone="text", *, elide=False, wrap=False, align=AlignLeft, reference=False)
        setText, set_tone, set_role, set_tip, elided()
    keycap.KeyCap(key)                              "F2", "Ctrl+Enter", "Up"; paint_cap, cap_size for painters
    badge.Badge(status, *, word=None, filled=None)  set_status(...); paint_badge, badge_width for delegates
    badge.Tag(word, colour, icon="", *, filled=True, round_ends=False)   "Sandbox", "Bookable", a count; show_as(...)
    field.Glyph(name, tone="text_secondary", size="icon")   an icon in a layout; set(name, tone)
    mark.Mark(edge=20, *, alone=False)  mark.Avatar(name, edge=28)  mark.SandboxStripe()  mark.DepthLines()

Doing
    button.Button(words, kind="plain", *, icon="", amount="", key="", height="control")   clicked
        kinds primary plain quiet link danger danger-plain; set_words, set_amount, set_icon, set_key,
        set_off(reason | None), set_busy(words | None)
    button.IconButton(icon, name, kind="quiet", *, height="control_small")                clicked

Filling in
    field.Field(label, *, text="", placeholder="", unit="", icon="", key="", password=False, height="control",
                show_label=True)    edited(str) entered(); edit, text(), set_text, set_error(sentence | None), set_note
    field.SearchField(name, *, placeholder="", key="/", icon="search", height="control_search")
                                    edited(str) entered(); edit, text(), set_text, clear()
    zones.offer_zones(field)        lets a field find time zones by a part of their name
    text_box.TextBox(label, *, rows=4, placeholder="")    edited(str); edit, text(), set_text, set_error
    choices.ComboBox(name, choices=None, *, icon="", height="control")                    signals of QComboBox
    choice.Choice(label, [(key, words)])    value, set_value, words, offer; box is a ComboBox
    choices.CheckBox(text, *, checked=False)  choices.RadioButton(text, *, checked=False) toggled(bool)
    stepper.Stepper(label, value=0, *, minimum=0, maximum=99, hint="")                    changed(int); value, set_value
    chip.Chip(name, value=None, *, unset_word="any")                                      clicked cleared(); set_value
    segments.Segments(name, [(key, words[, amount])])   chosen(str); value, set_value, set_words, set_off, focus_chosen
    tile.Tile(icon, word, digit="", *, hint="", wide=False, short=False)                  set_reason, set_hint
    tile.Tiles(name, *, columns=3)  chosen(str); add(key, tile), tile(key), value, set_value, set_short, focus_chosen
    calendar.MonthCalendar(today, *, locale="en_GB", first_weekday=0, short=False)
        day_chosen(date) month_changed(first day); set_days({date: has .departures and .free}), set_chosen, set_today,
        set_locale, set_short, show_month, go_today, month, chosen, focus_day

Seats, holds, money
    seatmeter.Seats(capacity, sold=0, held=0, yours=0)  seatmeter.SeatMeter(seats, *, large=False)   set_seats
        paint_seats(painter, rect, seats, *, mirrored=False) for delegates
    seatplan.SeatPlan(name, layout)     moved(label) pressed(label) entered(); set_looks({label: SeatLook(tone, letter,
        words)}), fit(width, height), go, put_cursor, focus_cursor, cursor_at, cell(label)
        seatplan.PlanScroll(plan) for one that may be wider than its place; seatplan.kind_words(seat)
    seatplan.PlanPreview(layout | None)   set_plan   a plan as a picture; seat_paint.paint_seat for a single seat
    qr.QrCode(text="", *, name="", edge=228)    set_text, set_edge, rows
    holdring.HoldRing(remaining: Callable[[], float], total_seconds, *, large=False, words=True)
        lapsed() stage_changed(tone); refresh, restart(remaining, total_seconds); hold_words, hold_tone, paint_hold
    ticket.Ticket(*, stretch_above=False, padding=16)   fill the layouts above and below   ticket.Perforation()
    pane.MoneyRows(*, gap=4)        add(words, amount, *, strong, quiet, tone), add_total(words, amount), clear
    pane.Facts(*, columns=2)        add(title, value, *, tone="text", wrap=False) -> Label of the value
    steps.Steps(names, now=0)       set_now, set_seconds
    timeline.Timeline(items=())     set_items([TimelineItem(icon, title, second="", time="", tone="text_secondary")])

Surfaces
    pane.Pane(fill="surface", *, edges=())  pane.Card(fill="surface", *, line="border", radius="card")
    columns.Columns(parts=(), *, gap=16)  columns.FactColumns()   two columns, one where it is narrow; add, add_fact
    sheet.Sheet([SheetColumn(title, trailing=False, stretch=0)])   a short table of labels; see there
    pane.Divider(*, upright=False)  pane.ScrollArea(content)  pane.Section(title, *, quiet=False, action=None)   body
    detail.DetailPanel(name)        closed(); set_head(reference, *, badge, person, contact), action_row,
                                    add(part, *, divider=True), add_more(offer), refilled(same=), clear

Saying
    note.Note(tone, first, second="", *, icon="", action="", key="")   acted(); say(...), button
    menu.Menu(name)   add(words, on_chosen, *, icon, key, tone, checked, off="") -> QAction, popup_below(anchor),
        popup_above(anchor)
    toast.Toasts(window, *, bottom=40)   show(text, *, icon, action="", key="", on_action=None) -> Toast
    dialog.Decision(question, *, verb, keep, second="", kind="danger")   accepted rejected; rows, body, set_busy; open()
    empty.EmptyState(icon, sentence, second="", buttons=())   say
    empty.LoadFailed(sentence, second="")   again() details()
    empty.ProgressNote(title, *, stoppable=True)   stopped(); start, set_progress(done, total), finish
    empty.Bar()   a QProgressBar, 6 high

For pictures: gallery.build(), picture.picture(window) with the dialogs that stand over it.
Round corners of a window of its own: corners.Corners(window, radius, *, inset=0).
For painters: paint.box, paint.words, paint.icon, paint.width_of, paint.leading; shade.paint_shade.
"""
