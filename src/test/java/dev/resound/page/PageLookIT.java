package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the client page looks: in light and dark, on a phone and on a wide screen; and whether everybody can use it. */
class PageLookIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    // How it looks.

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void every_text_has_enough_contrast(ColorScheme scheme) throws IOException {
        client.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        converse();
        assertThat((List<?>) client.page().evaluate(CONTRASTS_BELOW_AA)).isEmpty();
        client.shot("conversation-" + scheme.name().toLowerCase(Locale.ROOT));
        client.byId("closeButton").click();
        assertThat(client.byId("stateLabel")).hasText("Closed");
        client.byId("connectionUrl").fill("nonsense");
        client.byId("connectButton").click();
        assertThat((List<?>) client.page().evaluate(CONTRASTS_BELOW_AA)).isEmpty();
        client.shot("closed-" + scheme.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void light_and_dark_differ() {
        String background = "getComputedStyle(document.body).backgroundColor";
        client.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        Object light = client.page().evaluate(background);
        client.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(client.page().evaluate(background)).isNotEqualTo(light);
    }

    @ParameterizedTest
    @CsvSource({"320, 640", "390, 844", "1440, 900"})
    void the_page_fits_the_screen(int width, int height) {
        client.page().setViewportSize(width, height);
        converse();
        client.shot("width-" + width);
        assertThat(client.page().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(width);
        assertThat((Boolean) client.page().evaluate("logScroll.scrollWidth <= logScroll.clientWidth"))
                .isTrue();
    }

    // Everybody.

    @ParameterizedTest
    @CsvSource({"LIGHT, 1024, 720", "DARK, 1440, 900", "DARK, 360, 780"})
    void the_tools_fit_the_screen_and_are_usable_by_everybody(ColorScheme scheme, int width, int height) {
        client.page().setViewportSize(width, height);
        client.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        Accessibility.assertNothingSerious(client.page());
        client.byId("protocolChoice").selectOption("resound.echo.v1");
        converse();
        client.page().evaluate("document.querySelectorAll('details').forEach(group => { group.open = true; })");
        client.byId("flowSeconds").fill("1");
        client.byId("flowStart").click();
        client.byId("explainButton").click();
        client.page().getByLabel("hex").check();
        client.byId("sendMessage").fill("xyz");
        client.byId("closeCode").fill("1005");
        assertThat(client.rows().last()).containsText("Continuous, ended");
        assertThat(client.byId("explainCurl")).isVisible();
        assertThat((List<?>) client.page().evaluate(CONTRASTS_BELOW_AA)).isEmpty();
        Accessibility.assertNothingSerious(client.page());
        assertThat(client.page().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(width);
        client.wholeShot("tools-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width);
    }

    @Test
    void the_keyboard_alone_reaches_the_tools() {
        client.byId("copyLink").focus();
        for (String summary : List.of("Continuous", "Compare", "File", "Close")) {
            client.page().keyboard().press("Tab");
            // On the way to the first one there are the message's controls.
            while (!"SUMMARY".equals(client.page().evaluate("document.activeElement.tagName"))) {
                client.page().keyboard().press("Tab");
            }
            assertThat(client.page()
                            .evaluate("document.activeElement.textContent")
                            .toString())
                    .startsWith(summary);
        }
        client.page().keyboard().press("Enter");
        assertThat(client.byId("closeCode")).isVisible();
        client.page().keyboard().press("Tab");
        assertThat(client.byId("closeCode")).isFocused();
    }

    private void converse() {
        client.connect();
        client.send("Hello, Resound");
        client.send(
                "{\"type\":\"subscribe\",\"channels\":[\"prices\",\"orders\",\"a-rather-long-name-that-has-to-wrap-somewhere\"]}");
        client.page().getByLabel("binary").check();
        client.send("some bytes");
        client.page()
                .getByLabel("text", new Page.GetByLabelOptions().setExact(true))
                .check();
        assertThat(client.rows().last()).containsText("binary, 10 bytes");
    }

    /** All texts whose contrast with what lies behind them is below 4.5 to 1 (WCAG 2.2, 1.4.3). */
    private static final String CONTRASTS_BELOW_AA = """
            () => {
              const channels = (color) => color.match(/[\\d.]+/g).map(Number);
              const luminance = ([r, g, b]) => {
                const [R, G, B] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * R + 0.7152 * G + 0.0722 * B;
              };
              const ground = (element) => {
                const color = channels(getComputedStyle(element).backgroundColor);
                return color.length === 4 && color[3] === 0 ? ground(element.parentElement) : color;
              };
              const hasText = (element) =>
                element.matches('input') || [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
              return [...document.body.querySelectorAll('*')]
                .filter((element) => hasText(element) && element.checkVisibility({ visibilityProperty: true }))
                .map((element) => {
                  const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
                  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.outerHTML.slice(0, 80)];
                })
                .filter(([contrast]) => contrast < 4.5)
                .map(([contrast, html]) => `${contrast.toFixed(2)} ${html}`);
            }
            """;
}
