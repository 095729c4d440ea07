package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ForeignProgram;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 as another implementation sees it: h2load of nghttp2. */
@Timeout(60)
class Http2LoadIT {

    @Test
    void ten_responses_of_12_kb_at_a_time_arrive_on_one_connection(@TempDir Path directory) throws Exception {
        ForeignProgram.require("h2load", "h2load", "--version");
        var certificate = TestCertificate.ec(directory, "resound");
        try (var resound = RunningResound.start(certificate.settings())) {
            String output = ForeignProgram.run(
                            "h2load", "-c", "1", "-n", "200", "-m", "10", "https://127.0.0.1:" + resound.port() + "/")
                    .output();
            assertThat(output).contains("Application protocol: h2", " 200 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }
}
