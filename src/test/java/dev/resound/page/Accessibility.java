package dev.resound.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What axe-core has to say about a page as it is shown now. */
final class Accessibility {

    private static final String AXE = read("/axe.min.js");

    /** A line for each element that a serious or critical finding is about. */
    private static final String FINDINGS = """
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              return violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .flatMap(({ id, impact, help, nodes }) =>
                  nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${help} at ${target}. ${failureSummary}`));
            }
            """;

    private Accessibility() {}

    static void assertNothingSerious(Page page) {
        page.evaluate(AXE);
        assertThat((List<?>) page.evaluate(FINDINGS)).isEmpty();
    }

    private static String read(String resource) {
        try (InputStream stream = Accessibility.class.getResourceAsStream(resource)) {
            assertThat(stream).as(resource).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
