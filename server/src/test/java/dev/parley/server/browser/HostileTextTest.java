package dev.parley.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Markdown becomes what it means, and nothing that anybody writes becomes more than text. */
@QuarkusTest
@ExtendWith(Chromium.class)
class HostileTextTest {
    private static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
            "<a href='javascript:alert(1)'>click</a>",
            "<style>*{display:none}</style>",
            "[click](javascript:alert(1))",
            "[click](JaVaScRiPt&colon;alert(1))",
            "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
            "[click](vbscript:alert(1))",
            "[click][ref]\n\n[ref]: javascript:alert(1)",
            "![picture](javascript:alert(1))",
            "![picture](https://example.com/x.png\"onerror=\"alert(1))",
            "<javascript:alert(1)>",
            "https://example.com/\"onmouseover=\"alert(1)",
            "[click](https://example.com/ \"title\" onclick=\"alert(1)\")",
            "```\n</code></pre><script>alert(1)</script>\n```",
            "`</code><img src=x onerror=alert(1)>`",
            "| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |",
            "<details open ontoggle=alert(1)>x</details>",
            "<input autofocus onfocus=alert(1)>",
            "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
            "<form action='javascript:alert(1)'><button>x</button></form>",
            "<base href='//evil.example.com/'>",
            "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
            "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
            "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
            "<template><script>alert(1)</script></template>",
            "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
            "[click](java\tscript:alert(1)) [click](&#106;avascript:alert(1))",
            "<parley-app><img src=x onerror=alert(1)></parley-app>",
            "${alert(1)} {{constructor.constructor('alert(1)')()}}");

    /** What would be a hole: an element, an attribute or a link that markup of ours never makes. */
    private static final String HOLES = """
            () => [...document.querySelectorAll("parley-app *")].flatMap((element) => [
              ...(element.matches(".messages :is(script, img, iframe, style, object, embed, form, input)") ? [element.outerHTML] : []),
              ...[...element.attributes].filter(({ name }) => /^on|^style$|^srcdoc$/.test(name)).map(({ name }) => name)
                .filter((name) => !element.matches("textarea[style]")),
              ...(element.matches("a[href]:not([href^='http:'], [href^='https:'], [href^='mailto:'], .skip-link)") ? [element.outerHTML] : []),
              ...(element.matches(".messages a:not([rel~='noopener'][target='_blank'])") ? [element.outerHTML] : []),
            ])""";

    @TestHTTPResource("/")
    String root;

    @Test
    void nothingThatIsWrittenIsExecuted(Page one, Page other) {
        var dialogs = new ArrayList<String>();
        for (var page : List.of(one, other)) {
            page.onDialog(dialog -> {
                dialogs.add(dialog.message());
                dialog.dismiss();
            });
        }
        var victim = ChatPage.signIn(one, root, "<b onclick=alert(1)>Vic</b>").joinGroup("trap");
        var attacker =
                ChatPage.signIn(other, root, "<img src=x onerror=alert(1)>").joinGroup("trap");

        HOSTILE.forEach(attacker::say);

        assertThat(victim.messages()).hasCount(HOSTILE.size());
        assertThat(victim.messages().nth(0)).containsText("<script>alert(1)</script>");
        assertThat(victim.messages().nth(1)).containsText("<img src=x onerror=alert(1)>");
        assertThat(victim.messages().first().locator(".author")).hasText("<img src=x onerror=alert(1)>");
        victim.togglePeople();
        assertThat(victim.person("<img src=x")).hasCount(1);
        victim.page().mouse().move(600, 600);
        for (var page : List.of(one, other)) {
            assertThat((List<?>) page.evaluate(HOLES)).isEmpty();
        }
        assertThat(dialogs).isEmpty();
    }

    @Test
    void markdownIsShownAsWhatItMeans(Page page) {
        var writer = ChatPage.signIn(page, root, "Writer").joinGroup("letters");

        writer.say("""
                **bold**, *slanted*, ~~gone~~ and `code`

                # Title

                - one
                - two

                3. three
                   - inner
                4. four

                - [x] done
                - [ ] open

                > quoted

                ---

                | left | right |
                |------|-------|
                | 1    | **2** |

                ```sql
                select 1
                ```
                see [the page](https://example.com/a) or write to <mailto:ada@example.com> or https://example.com/b \\*as it is\\*""");

        var text = writer.own().locator(".text");
        assertThat(text.locator("p > strong")).hasText("bold");
        assertThat(text.locator("em")).hasText("slanted");
        assertThat(text.locator("del")).hasText("gone");
        assertThat(text.locator(":not(pre) > code")).hasText("code");
        assertThat(text.locator("ul li")).hasText(new String[] {"one", "two", "inner", "☑ done", "☐ open"});
        assertThat(text.locator(".heading")).hasText("Title");
        assertThat(text.locator("ol")).hasAttribute("start", "3");
        assertThat(text.locator("ol > li")).hasCount(2);
        assertThat(text.locator("hr")).hasCount(1);
        assertThat(text.locator("th")).hasText(new String[] {"left", "right"});
        assertThat(text.locator("td strong")).hasText("2");
        assertThat(text).containsText("*as it is*");
        assertThat(text.locator("blockquote")).hasText("quoted");
        assertThat(text.locator("pre code")).hasText("select 1");
        assertThat(text.locator("a").first()).hasAttribute("href", "https://example.com/a");
        assertThat(text.locator("a").nth(1)).hasAttribute("href", "mailto:ada@example.com");
        assertThat(text.locator("a").last()).hasAttribute("href", "https://example.com/b");
    }
}
