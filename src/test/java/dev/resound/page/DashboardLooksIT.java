package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the dashboard looks, and whether everybody can use it. */
class DashboardLooksIT {

    private static Chromium chromium;
    private static RunningResound resound;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        resound = RunningResound.start(
                "instance", "resound-7d9f", "telemetry.interval", "250ms", "websocket.keep-alive-interval", "1s");
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
            chromium.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everybody_can_read_it(ColorScheme scheme) {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            String name = scheme.name().toLowerCase(Locale.ROOT);
            dashboard.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            dashboard.expectState("Live");
            talk(dashboard);
            Accessibility.assertNothingSerious(dashboard.page());
            dashboard.shot(name);
        }
        try (var mute = DashboardPage.open(chromium, resound, "nowhere")) {
            mute.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            mute.expectState("Not connected");
            Accessibility.assertNothingSerious(mute.page());
        }
    }

    /** For a few seconds, so that there is a line to look at. */
    private static void talk(DashboardPage dashboard) {
        List<WireClient> clients = IntStream.range(0, 20)
                .mapToObj(i -> WireClient.open(resound.port()))
                .toList();
        for (int round = 0; round < 8; round++) {
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).send(WireFrame.text("x".repeat(100 * (i + 1))));
            }
            dashboard.page().waitForTimeout(500);
        }
        clients.forEach(client -> client.send(WireFrame.close(1000)).readToEnd());
        dashboard.expectNow("connections", "echo", "0");
    }

    @ParameterizedTest
    @CsvSource({"320, 640", "360, 740", "768, 1024", "1920, 1080"})
    void the_dashboard_fits_the_screen(int width, int height) {
        try (var dashboard = DashboardPage.open(chromium, resound, "ws", "/ws?again")) {
            dashboard.page().setViewportSize(width, height);
            assertThat(dashboard.panels().locator(".state")).hasText(new String[] {"Live", "Live"});
            dashboard.shot("width-" + width);
            assertThat(dashboard.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(width);
            Object tooWide = dashboard
                    .page()
                    .evaluate(
                            "[...document.querySelectorAll('.plot canvas')].filter((c) => c.getBoundingClientRect().right > innerWidth).length");
            assertThat(tooWide).isEqualTo(0);
        }
    }

    @Test
    void each_chart_has_its_newest_values_as_text() {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            dashboard.expectState("Live");
            dashboard.expectNow("messages", "received", "0/s");
            var figures = dashboard.panel().locator("figure:visible");
            assertThat(figures).not().hasCount(0);
            for (var figure : figures.all()) {
                assertThat(figure.locator("figcaption h3")).not().isEmpty();
                assertThat(figure.locator("[role=img]")).hasAttribute("aria-label", Pattern.compile("15 minutes"));
                assertThat(figure.locator("canvas")).hasCount(1);
                assertThat(figure.locator("li:visible .now").first()).not().isEmpty();
            }
        }
    }

    @Test
    void the_pages_link_to_each_other() {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            var page = dashboard.page();
            page.getByText("Echo client").click();
            assertThat(page).hasURL(resound.page().toString());
            page.getByText("Dashboard").click();
            assertThat(page).hasURL(resound.page() + "dashboard");
            dashboard.expectState("Live");
        }
    }

    @Test
    void nothing_that_ticks_is_read_out() {
        try (var dashboard = DashboardPage.open(chromium, resound)) {
            dashboard.expectState("Live");
            Object changed = dashboard.page().evaluate("""
                    () => new Promise((resolve) => {
                      const changes = [];
                      const observer = new MutationObserver((records) => changes.push(...records.map(({ target }) => target.dataset?.slot)));
                      document.querySelectorAll('[role=status], [role=alert], [aria-live]').forEach((live) =>
                        observer.observe(live, { childList: true, characterData: true, subtree: true }));
                      setTimeout(() => resolve(changes), 2500);
                    })
                    """);
            assertThat((List<?>) changed).isEmpty();
        }
    }
}
