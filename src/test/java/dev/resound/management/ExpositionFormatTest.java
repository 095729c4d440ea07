package dev.resound.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.Lifecycle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which format an {@code Accept} gets, asked of the real port. */
class ExpositionFormatTest {

    private static final Vertx vertx = Vertx.vertx();
    private static final ManagementVerticle management =
            new ManagementVerticle(new ManagementSettings("127.0.0.1", 0), new Lifecycle(), Future::succeededFuture);
    private static final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        vertx.deployVerticle(management).await();
    }

    @AfterAll
    static void close() {
        http.close();
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            text/plain                                                                         | text
            */*                                                                                | text
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8                    | text
            application/json                                                                   | text
            application/openmetrics-text                                                       | openmetrics
            application/OpenMetrics-Text; version=1.0.0                                        | openmetrics
            application/openmetrics-text;version=0.0.1                                         | text
            application/openmetrics-text;q=0.5, text/plain;q=0.4                               | openmetrics
            application/openmetrics-text;q=0.4, text/plain;q=0.5                               | text
            application/openmetrics-text, text/plain                                           | text
            application/openmetrics-text;q=0.5, */*                                            | text
            text/plain;q=0, */*;q=0.1                                                          | openmetrics
            application/openmetrics-text;q=0                                                   | text
            application/*                                                                      | openmetrics
            nonsense;;;q=x,,/                                                                  | text
            """)
    void the_format_that_is_wanted_most_comes_and_text_otherwise(String accept, String format) throws Exception {
        assertThat(formatFor(accept)).isEqualTo(format);
    }

    @Test
    void what_prometheus_2_42_sends_gets_open_metrics() throws Exception {
        assertThat(formatFor(
                        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"))
                .isEqualTo("openmetrics");
    }

    @Test
    void what_prometheus_3_sends_gets_open_metrics() throws Exception {
        assertThat(formatFor("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"))
                .isEqualTo("openmetrics");
    }

    @Test
    void what_prometheus_3_sends_when_it_wants_text_first_gets_text() throws Exception {
        assertThat(formatFor("text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,"
                        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2"))
                .isEqualTo("text");
    }

    @Test
    void no_accept_at_all_gets_text() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(metrics()).build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                        .headers()
                        .firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    private static String formatFor(String accept) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(metrics()).header("Accept", accept).build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        String contentType = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(answer.body()).as("what the source was asked for").isEqualTo(contentType);
        return switch (contentType) {
            case "text/plain; version=0.0.4; charset=utf-8" -> "text";
            case "application/openmetrics-text; version=1.0.0; charset=utf-8" -> "openmetrics";
            default -> contentType;
        };
    }

    private static URI metrics() {
        return URI.create("http://127.0.0.1:" + management.actualPort() + "/metrics");
    }
}
