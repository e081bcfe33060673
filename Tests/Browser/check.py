"""Checks of the widget and the pages in a browser. Each check is a function whose name says what holds."""
import argparse
import contextlib
import gzip
import json
import pathlib
import re
import subprocess
import sys
import time
import traceback

from axe_playwright_python.sync_playwright import Axe

from support import Browser, Chat, Server, Site

FILING = "聊城的医保，要去北京长期住，看病怎么备案"
PHONE = "我是聊城的，医保电话给一个"


def pri_13_the_page_opens_with_a_greeting_six_choices_and_what_it_is(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        assert chat.choices.count() == 6, chat.choices.count()
        assert "机器人自动回复" in page.locator("daoban-chat .head").inner_text()
        assert page.locator("daoban-chat [role=log]").count() == 1


def an_answer_has_steps_sources_and_a_way_to_print(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        answer = chat.say(FILING)
        answer.locator(".cite").first.click()
        assert answer.locator("details.sources").get_attribute("open") is not None
        assert chat.focused() == "source-1", chat.focused()
        box = answer.locator(".steps input").first
        box.check()
        page.reload()
        again = Chat(page).open()
        again.answers.nth(1).wait_for()
        assert again.answers.nth(1).locator(".steps input").first.is_checked()
        with page.expect_popup() as opened:
            again.answers.nth(1).locator("button.wordy").click()
        sheet = opened.value
        sheet.wait_for_load_state()
        assert sheet.locator("h1").inner_text() == "办事清单"
        assert sheet.locator(".sources li").count() > 0
        assert again.token() not in sheet.url


def choices_are_taken_by_click_by_arrows_and_by_digit(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.choices.nth(0).click()
        chat.said.first.wait_for()
        assert chat.said.first.inner_text().endswith("异地就医备案")
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.choices.nth(0).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        label = chat.choices.nth(2).inner_text().split("\n")[-1]
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert chat.words_said()[-1] == label, chat.words_said()
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        label = chat.choices.nth(1).inner_text().split("\n")[-1]
        chat.choices.nth(0).focus()
        page.keyboard.press("2")
        page.wait_for_timeout(300)
        assert chat.words_said()[-1] == label, chat.words_said()


def a_long_list_can_be_narrowed(server, browser):
    with browser.page(server.address) as page:
        Chat(page).open()
        page.evaluate("""async () => {
            const { drawChoices } = await import(performance.getEntriesByType('resource').find(e => e.name.endsWith('/chat.js')).name);
            const places = ['济南市', '青岛市', '淄博市', '枣庄市', '东营市', '烟台市', '潍坊市', '济宁市', '泰安市', '威海市', '日照市', '临沂市'];
            window.chosen = [];
            document.querySelector('daoban-chat').shadowRoot.querySelector('.choices').replaceChildren(...drawChoices(places.map(label => ({ id: label, label })), (key, n) => key + (n ?? ''), choice => chosen.push(choice.id)));
        }""")
        picker = page.locator("daoban-chat .choices")
        picker.locator("input").fill("济")
        assert picker.locator("button:visible").count() == 2
        assert picker.locator("[role=status]").inner_text() == "found2"
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.evaluate("() => chosen") == ["济宁市"]


def lines_typed_during_an_outage_arrive_once_and_in_order(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.say(PHONE)
        server.kill()
        page.wait_for_function(
            "() => document.querySelector('daoban-chat').shadowRoot.querySelector('.status').textContent.includes('已断开')")
        lines = ["济南门诊能报多少", "那住院呢", "谢谢您"]
        for line in lines:
            chat.text.fill(line)
            chat.text.press("Enter")
        # The page itself cannot be had now; what was typed is in the browser's storage.
        with contextlib.suppress(Exception):
            page.reload()
        server.start()
        began = time.monotonic()
        page.goto(server.address)
        chat = Chat(page).open()
        page.wait_for_function(
            "() => document.querySelector('daoban-chat').shadowRoot.querySelectorAll('.bubble.assistant').length === 5")
        delivered(server, chat, [PHONE, *lines])
        print(f"    after a reload during the outage: delivered {time.monotonic() - began:.1f} s after the server was back")


def an_open_page_connects_again_by_itself(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.say(PHONE)
        server.kill()
        lines = ["济南门诊能报多少", "那住院呢", "谢谢您"]
        for line in lines:
            chat.text.fill(line)
            chat.text.press("Enter")
        assert chat.waiting.count() == 3
        page.wait_for_timeout(5_000)
        assert "已断开" in chat.status.inner_text()
        server.start()
        began = time.monotonic()
        page.wait_for_function(
            "() => document.querySelector('daoban-chat').shadowRoot.querySelectorAll('.bubble.assistant').length === 5")
        took = time.monotonic() - began
        assert took < 3, f"{took:.1f} s"
        delivered(server, chat, [PHONE, *lines])
        assert "已恢复" in chat.status.inner_text(), chat.status.inner_text()
        print(f"    five seconds of outage, three lines: delivered {took:.1f} s after the server was back")


def delivered(server, chat, lines):
    stored = [turn["user"]["text"] for turn in server.turns(chat.token())][1:]
    assert stored == lines, stored
    assert chat.words_said() == lines, chat.words_said()
    assert chat.waiting.count() == 0
    left = chat.page.evaluate("() => Object.keys(localStorage).filter(k => k.startsWith('daoban out ')).length")
    assert left == 0, left


def two_tabs_show_the_same(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        other = page.context.new_page()
        other.goto(server.address)
        second = Chat(other).open()
        chat.say(PHONE)
        second.said.first.wait_for()
        second.say("谢谢")
        chat.said.nth(1).wait_for()
        assert chat.words_said() == second.words_said() == [PHONE, "谢谢"]


def where_websocket_is_blocked_plain_http_does(server, browser):
    script = """window.WebSocket = class extends EventTarget {
        constructor() { super(); setTimeout(() => this.onclose && this.onclose({ code: 1006 }), 20); } close() {} send() {} };"""
    site = Site(server)
    try:
        # On the server's own page, on another site's, and there for somebody whom the site names.
        for address, person in ((server.address, None), (site.address, None), (site.address, "wang")):
            with browser.page(address, script=script) as page:
                if person:
                    page.evaluate("token => daoban('identify', token)", server.identity(person))
                page.evaluate("() => daoban('open')")
                chat = Chat(page)
                chat.text.wait_for()
                chat.text.fill(PHONE)
                chat.text.press("Enter")
                chat.answers.nth(1).wait_for()
                chat.say("谢谢")
                assert chat.words_said() == [PHONE, "谢谢"]
    finally:
        site.close()


def erasing_leaves_nothing(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.say(PHONE)
        token = chat.token()
        page.locator("daoban-chat .head [aria-controls=settings]").click()
        erase = page.locator("daoban-chat .settings > button")
        erase.click()
        erase.click()
        page.wait_for_function(
            "old => { const k = Object.keys(localStorage).find(k => k.startsWith('daoban conversation ')); return k && !localStorage[k].includes(old) }",
            arg=token)
        chat.answers.first.wait_for()
        assert chat.said.count() == 0


def whoever_the_site_names_has_a_conversation_of_their_own(server, browser):
    with browser.page(server.address) as page:
        def identify(token):
            page.evaluate("token => daoban('identify', token)", token)

        def await_words(words):
            page.wait_for_function(
                "words => { const r = document.querySelector('daoban-chat').shadowRoot; return r.querySelector('.bubble.assistant') && JSON.stringify([...r.querySelectorAll('.bubble.user')].map(b => b.lastChild.textContent)) === words }",
                arg=json.dumps(words, ensure_ascii=False, separators=(",", ":")))

        identify(server.identity("wang"))
        chat = Chat(page).open()
        chat.say(PHONE)
        page.reload()
        chat = Chat(page).open()
        await_words([])
        identify(server.identity("wang"))
        await_words([PHONE])
        identify(server.identity("li"))
        await_words([])
        chat.say("谢谢")
        for wrong in (server.identity("wang", seconds=-1), server.identity("wang", secret=b"somebody else's"), "no token"):
            page.evaluate("token => { window.heard = ''; daoban('on', 'unidentified', cause => { heard = cause }); daoban('identify', token) }", wrong)
            heard = page.wait_for_function("() => heard").json_value()
            assert "the identity is refused" in heard, heard
            assert "登录没有核实" in page.locator("daoban-chat .alert").inner_text()
            assert chat.answers.count() == 0
        # What is typed meanwhile waits for whoever it was typed by.
        identify(server.identity("wang", seconds=-1))
        chat.text.fill("那住院呢")
        chat.text.press("Enter")
        page.wait_for_timeout(300)
        assert chat.answers.count() == 0
        identify(server.identity("wang"))
        await_words([PHONE, "那住院呢"])
        assert not page.locator("daoban-chat .alert").inner_text()
        identify(None)
        await_words([])


def answers_are_read_aloud_and_questions_may_be_spoken(server, browser):
    script = """
        window.spoken = [];
        const synthesis = { speaking: false, speak: (u) => spoken.push(u), cancel: () => { synthesis.cancelled = true } };
        Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
        window.SpeechRecognition = class { start() { this.onstart(); setTimeout(() => { this.onresult({ results: [[{ transcript: '济南医保电话' }]] }); this.onend(); }, 50) } };
    """
    with browser.page(server.address, script=script) as page:
        page.locator("daoban-chat .launcher").wait_for()
        page.evaluate("""() => {
            daoban('destroy');
            const chat = document.createElement('daoban-chat');
            chat.setAttribute('speech-input', '');
            document.body.append(chat);
        }""")
        chat = Chat(page).open()
        page.evaluate("() => daoban('set', { elder: true, read: true })")
        page.locator("daoban-chat [aria-label='用说的']").click()
        page.wait_for_function("() => document.querySelector('daoban-chat').shadowRoot.querySelector('textarea').value === '济南医保电话'")
        chat.say("济南医保电话")
        said = page.evaluate("() => spoken.map(u => ({ text: u.text, rate: u.rate, lang: u.lang }))")
        assert len(said) == 1 and said[0]["lang"] == "zh-CN" and said[0]["rate"] < 1, said
        assert "济南" in said[0]["text"] and "[1]" not in said[0]["text"], said
        page.locator("daoban-chat [aria-label='读出来']").last.click()
        assert page.evaluate("() => spoken.length") == 2


def the_controls_speak_three_languages(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        chat.say(PHONE)
        for locale, title, robot in (("en", "Settings", "Automatic replies"), ("zh-Hant", "設定", "機器人自動回覆"), ("zh-CN", "设置", "机器人自动回复")):
            page.evaluate("locale => daoban('set', { locale })", locale)
            panel = page.locator("daoban-chat .panel")
            assert panel.get_attribute("lang") == locale
            assert panel.locator(f"button[aria-label='{title}']").count() == 1
            assert panel.locator(".robot").inner_text() == robot
            assert chat.words_said() == [PHONE]


def a_site_gives_it_its_own_colours(server, browser):
    with browser.page(server.address) as page:
        page.evaluate("""() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync('daoban-chat { --daoban-accent: rgb(90, 20, 60) } daoban-chat::part(header) { letter-spacing: 3px }');
            document.adoptedStyleSheets = [sheet];
        }""")
        Chat(page).open()
        seen = page.evaluate("""() => {
            const root = document.querySelector('daoban-chat').shadowRoot;
            return [...['.head', '.launcher', '.composer .send'].map(s => getComputedStyle(root.querySelector(s)).backgroundColor), getComputedStyle(root.querySelector('.head')).letterSpacing];
        }""")
        assert seen == ["rgb(90, 20, 60)"] * 3 + ["3px"], seen


def nothing_moves_for_whoever_wants_no_motion(server, browser):
    for motion, moves in (("reduce", False), ("no-preference", True)):
        with browser.page(server.address, reduced_motion=motion) as page:
            Chat(page).open()
            found = page.evaluate("""() => {
                const root = document.querySelector('daoban-chat').shadowRoot;
                return getComputedStyle(root.querySelector('.panel')).animationName !== 'none' || getComputedStyle(root.querySelector('.scroll')).scrollBehavior !== 'auto';
            }""")
            assert found == moves, motion


def an_outage_is_told_politely_once(server, browser):
    with browser.page(server.address) as page:
        chat = Chat(page).open()
        page.evaluate("""() => {
            const status = document.querySelector('daoban-chat').shadowRoot.querySelector('.status');
            window.told = [];
            new MutationObserver(() => status.textContent && told.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
        }""")
        server.kill()
        page.wait_for_timeout(3_000)
        server.start()
        page.wait_for_function("() => told.some(t => t.includes('已恢复'))")
        told = page.evaluate("() => told")
        assert len(told) == 2 and "已断开" in told[0] and "正在重连" in told[0] and "已恢复" in told[1], told
        assert chat.status.get_attribute("role") == "status"


def the_keyboard_alone_is_enough(server, browser):
    with browser.page(server.address, width=390, height=844) as page:
        launcher = page.locator("daoban-chat .launcher")
        launcher.focus()
        page.keyboard.press("Enter")
        chat = Chat(page)
        chat.answers.first.wait_for()
        assert page.locator("daoban-chat .panel").get_attribute("aria-modal") == "true"
        for _ in range(30):
            page.keyboard.press("Tab")
            assert chat.focused(), "the focus left the full-screen chat"
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            assert chat.focused(), "the focus left the full-screen chat backwards"
        page.keyboard.press("Escape")
        assert not chat.text.is_visible()
        assert chat.focused() == "launcher", chat.focused()
        assert launcher.get_attribute("aria-expanded") == "false"


def elder_mode_is_large_and_remembered(server, browser):
    with browser.page(server.address, width=390, height=844) as page:
        chat = Chat(page).open()
        page.locator("daoban-chat .head .elder").click()
        page.reload()
        chat = Chat(page).open()
        chat.say(PHONE)
        chat.say("济南职工异地备案要什么材料")
        page.locator("daoban-chat .tools button").first.wait_for()
        # The name above the field is no target: the field is.
        measure = """() => {
            const root = document.querySelector('daoban-chat').shadowRoot;
            root.querySelectorAll('details').forEach(d => d.open = true);
            const seen = [...root.querySelectorAll('.panel :is(button, textarea, a, input, select, label:not([for=text]), summary)')].filter(b => b.checkVisibility());
            return { kinds: [...new Set(seen.map(b => b.className || b.tagName))], size: parseFloat(getComputedStyle(root.querySelector('.log')).fontSize),
                small: seen.map(b => [b.className || b.tagName, b.getBoundingClientRect()]).filter(([, r]) => r.height < 60 || r.width < 60).map(([c, r]) => `${c} ${r.width}x${r.height}`) };
        }"""
        measured = page.evaluate(measure)
        assert {"cite", "phone", "A"} <= set(measured["kinds"]), measured["kinds"]
        assert measured["size"] == 24, measured
        assert not measured["small"], measured["small"]
        page.locator("daoban-chat .head [aria-controls=settings]").click()
        measured = page.evaluate(measure)
        assert {"LABEL", "INPUT", "SELECT"} <= set(measured["kinds"]), measured["kinds"]
        assert not measured["small"], measured["small"]
        larger = page.locator("daoban-chat .settings button").nth(1)
        larger.click()
        larger.click()
        assert page.evaluate("() => getComputedStyle(document.querySelector('daoban-chat').shadowRoot.querySelector('.log')).fontSize") == "30px"


def nothing_is_lost_at_four_hundred_per_cent(server, browser):
    for width, height in ((640, 400), (320, 256)):
        with browser.page(server.address, width=width, height=height) as page:
            chat = Chat(page).open()
            chat.say(PHONE)
            over = page.evaluate("""() => {
                const root = document.querySelector('daoban-chat').shadowRoot, panel = root.querySelector('.panel');
                const wide = [...panel.querySelectorAll('.head, .scroll, .composer, .bubble, .note')].filter(n => n.scrollWidth > n.clientWidth + 1).map(n => n.className);
                return { wide, page: document.documentElement.scrollWidth > innerWidth };
            }""")
            assert not over["wide"] and not over["page"], over
            chat.text.scroll_into_view_if_needed()
            assert chat.text.is_visible()


def another_site_embeds_it_with_one_tag(server, browser):
    site = Site(server)
    try:
        with browser.page(site.address) as page:
            chat = Chat(page).open()
            chat.say("谢谢")
            heard = page.evaluate("""() => new Promise(done => { daoban('on', 'turn', turn => done(turn.user.text)); daoban('send', '你好'); })""")
            assert heard == "你好"
            page.evaluate("() => daoban('close')")
            page.wait_for_timeout(100)
            assert not chat.text.is_visible()
            page.evaluate("() => daoban('destroy')")
            assert page.locator("daoban-chat").count() == 0
    finally:
        site.close()


def without_script_the_plain_chat_talks(server, browser):
    with browser.page(server.address + "/chat", java_script_enabled=False) as page:
        page.get_by_role("button", name="异地就医备案").click()
        assert page.locator(".said.you").count() == 1
        page.fill("#text", FILING)
        page.get_by_role("button", name="发送").click()
        assert page.locator(".said.you").count() == 2
        page.locator(".said a[href^='#source']").first.click()
        page.get_by_role("link", name="打印清单").last.click()
        assert page.locator("h1").inner_text() == "办事清单"
        page.go_back()
        # The same form sent twice is one turn.
        page.fill("#text", PHONE)
        body = {"id": page.locator(".say [name=id]").get_attribute("value"), "text": PHONE}
        for _ in range(2):
            assert page.request.post(server.address + "/chat", form=body, max_redirects=0).status == 303
        page.reload()
        assert page.locator(".said.you").count() == 3, page.locator(".said.you").count()


def txt_16_words_of_people_are_never_markup(server, browser):
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    with browser.page(server.address) as page:
        page.on("dialog", lambda dialog: (_ for _ in ()).throw(AssertionError("a script ran")))
        chat = Chat(page).open()
        chat.say(evil)
        assert page.locator("daoban-chat .log img").count() == 0
        assert evil in chat.words_said()[0]
    with browser.page(server.address + "/chat", java_script_enabled=False) as page:
        page.fill("#text", evil)
        page.get_by_role("button", name="发送").click()
        assert page.locator(".said img").count() == 0
        assert evil in page.locator(".said.you").inner_text()


def it_is_usable_soon(server, browser):
    with browser.page(server.address, width=390, height=844) as page:
        page.locator("daoban-chat .launcher").wait_for()
        took = page.evaluate("""async () => {
            const first = () => performance.getEntriesByName('first-contentful-paint')[0];
            for (let frame = 0; frame < 300 && !first(); frame++) await new Promise(requestAnimationFrame);
            const painted = first().startTime, began = performance.now();
            const chat = document.querySelector('daoban-chat');
            if (chat.panel) throw new Error('the chat was fetched before anyone asked for it');
            daoban('open');
            await chat.load();
            const typed = performance.now() - began;
            while (!chat.shadowRoot.querySelector('.choice') && performance.now() - began < 5_000) await new Promise(requestAnimationFrame);
            return { painted, typed, greeted: performance.now() - began };
        }""")
        print(f"    first paint {took['painted']:.0f} ms; after the press {took['typed']:.0f} ms to type, {took['greeted']:.0f} ms to the greeting")
        assert took["greeted"] < 1_000, took


def the_files_are_small_and_cached(server, browser):
    launcher, headers = server.fetch("/widget.js", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and headers["ETag"]
    text = gzip.decompress(launcher).decode()
    build = re.search(r'BUILD ?= ?"(\w+)"', text).group(1)
    def brotli(body):
        return len(subprocess.run(["brotli", "-q", "11", "-c"], input=body, capture_output=True, check=True).stdout)

    sizes = {"widget.js": (len(text.encode()), len(launcher), brotli(text.encode()))}
    for name in ("chat.js", "chat.css"):
        body, headers = server.fetch(f"/widget/{build}/{name}", **{"Accept-Encoding": "gzip"})
        assert "immutable" in headers["Cache-Control"]
        plain = gzip.decompress(body)
        sizes[name] = (len(plain), len(body), brotli(plain))
    total = tuple(map(sum, zip(*sizes.values())))
    for name, (raw, packed, smaller) in {**sizes, "all": total}.items():
        print(f"    {name:10} {raw:6} bytes, {packed:6} gz as served, {smaller:6} br")
    assert sizes["widget.js"][1] <= 2048
    assert total[1] <= 20 * 1024


# MARK: Accessibility and pictures

MODES = {
    "light": ({"theme": "light"}, {}),
    "dark": ({"theme": "dark"}, {}),
    "elder": ({"theme": "light", "elder": True}, {}),
    "contrast": ({"theme": "contrast"}, {}),
    "forced": ({"theme": "auto"}, {"forced_colors": "active"}),
}


def state_closed(chat, server):
    if chat.text.is_visible():
        chat.page.keyboard.press("Escape")
        chat.page.evaluate("() => daoban('close')")


def state_opening(chat, server):
    chat.open()


def state_answer(chat, server):
    chat.open().say(FILING)


def state_sources(chat, server):
    chat.open().say(FILING).locator(".cite").first.click()


def state_table(chat, server):
    chat.open().say("济南职工医保报销比例一览表")
    assert chat.page.locator("daoban-chat tbody tr").count() >= 4
    chat.page.locator("daoban-chat .wide").first.scroll_into_view_if_needed()


def state_choices(chat, server):
    chat.open().say("聊城的医保，去北京看病怎么备案")


def state_settings(chat, server):
    chat.open()
    chat.page.locator("daoban-chat .head [aria-controls=settings]").click()


def state_feedback(chat, server):
    chat.open().say(PHONE).locator(".tools .tool").first.click()


def state_error(chat, server):
    chat.open()
    chat.page.evaluate("() => document.querySelector('daoban-chat').panel.send('很长'.repeat(1200))")
    chat.page.locator("daoban-chat .alert:not(:empty)").wait_for()


def state_outage(chat, server):
    chat.open()
    server.kill()
    chat.text.fill("济南门诊能报多少")
    chat.text.press("Enter")
    chat.page.wait_for_timeout(900)


STATES = [state_closed, state_opening, state_answer, state_sources, state_table, state_choices, state_settings,
          state_feedback, state_error, state_outage]
SHORT = {("state_answer", "light"), ("state_settings", "dark"), ("state_opening", "elder"), ("state_outage", "light")}


def rules(mode):
    """Besides the usual rules the size of targets, and 7:1 where contrast is what was asked for."""
    return {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": mode in ("elder", "contrast")}}}


def audit(server, browser, full, folder):
    """axe over states, modes and sizes; returns the failures."""
    axe = Axe()
    failures, audits, found_in = [], 0, {}
    for state in STATES:
        for mode, (chosen, options) in MODES.items():
            for width, height in ((1280, 800), (390, 844)) if full else ((390, 844),):
                if not full and (state.__name__, mode) not in SHORT:
                    continue
                name = f"{state.__name__[6:]}-{mode}-{width}"
                script = f"localStorage['daoban preferences'] ||= JSON.stringify({str(chosen).replace('True', 'true')})"
                with browser.page(server.address, width, height, script=script, bypass_csp=True, reduced_motion="reduce", **options) as page:
                    state(Chat(page), server)
                    page.wait_for_timeout(150)
                    if folder:
                        page.screenshot(path=folder / f"{name}.png")
                    response = axe.run(page, options=rules(mode)).response
                    found, found_version = response["violations"], response["testEngine"]["version"]
                audits += 1
                found_in[state.__name__[6:], mode] = found_in.get((state.__name__[6:], mode), 0) + len(found)
                failures += [f"{name}: {v['id']} {[n['target'] for n in v['nodes']][:3]} {v['nodes'][0]['failureSummary'][:200]}" for v in found]
                if server.process.poll() is not None:
                    server.start()
    for path in ("/chat", "/chat?problem=text_too_long"):
        with browser.page(server.address + path, bypass_csp=True) as page:
            found = axe.run(page).response["violations"]
            audits += 1
            failures += [f"{path}: {v['id']} {[n['target'] for n in v['nodes']][:3]}" for v in found]
            if folder:
                page.screenshot(path=folder / f"plain{'-problem' if '?' in path else ''}.png")
    print(f"    {'violations':12}" + "".join(f"{mode:>10}" for mode in MODES))
    for state in dict.fromkeys(state for state, _ in found_in):
        print(f"    {state:12}" + "".join(f"{found_in.get((state, mode), '-'):>10}" for mode in MODES))
    print(f"    {audits} audits with axe {found_version}, {len(failures)} violations")
    return failures


CHECKS = [
    pri_13_the_page_opens_with_a_greeting_six_choices_and_what_it_is, an_answer_has_steps_sources_and_a_way_to_print,
    choices_are_taken_by_click_by_arrows_and_by_digit, a_long_list_can_be_narrowed, lines_typed_during_an_outage_arrive_once_and_in_order,
    an_open_page_connects_again_by_itself, two_tabs_show_the_same, where_websocket_is_blocked_plain_http_does,
    whoever_the_site_names_has_a_conversation_of_their_own, answers_are_read_aloud_and_questions_may_be_spoken,
    the_controls_speak_three_languages, a_site_gives_it_its_own_colours, nothing_moves_for_whoever_wants_no_motion,
    an_outage_is_told_politely_once, erasing_leaves_nothing, the_keyboard_alone_is_enough, elder_mode_is_large_and_remembered,
    nothing_is_lost_at_four_hundred_per_cent, another_site_embeds_it_with_one_tag, without_script_the_plain_chat_talks,
    txt_16_words_of_people_are_never_markup, it_is_usable_soon, the_files_are_small_and_cached,
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("daoban")
    parser.add_argument("mode", nargs="?", default="default", choices=["default", "full"])
    parser.add_argument("--screens", type=pathlib.Path)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    if arguments.screens:
        arguments.screens.mkdir(parents=True, exist_ok=True)
    server, browser = Server(arguments.daoban), Browser()
    outcomes = []

    def check(name, body):
        if arguments.only and arguments.only not in name:
            return
        began = time.monotonic()
        try:
            body()
            outcomes.append(True)
            print(f"ok   {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception as error:  # a failed check must not hide the others
            outcomes.append(False)
            where = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAIL {name}: {error} ({where.name}:{where.lineno})", flush=True)
        if server.process.poll() is not None:
            server.start()

    def no_violations():
        failures = audit(server, browser, arguments.mode == "full", arguments.screens)
        assert not failures, "\n  " + "\n  ".join(failures)

    def quiet():
        assert not browser.problems, browser.problems
        assert not browser.violations, browser.violations
        assert not browser.outside, browser.outside
        print(f"    {browser.requests} requests, 0 outside hosts, 0 console errors, 0 policy violations")

    for body in CHECKS:
        check(body.__name__.replace("_", " "), lambda: body(server, browser))
    check("axe finds nothing", no_violations)
    check("no console error, no policy violation, no outside host", quiet)
    browser.close()
    server.close()
    print(f"{outcomes.count(True)} passed, {outcomes.count(False)} failed")
    sys.exit(outcomes.count(False) > 0)


main()
