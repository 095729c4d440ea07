package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Binary messages of the client page: typed as hexadecimal digits, or out of a file. */
class PageBinaryIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "48 65 6c      | binary, 3 bytes: 48 65 6c",
                "48656C        | binary, 3 bytes: 48 65 6c",
                "0x00,0xFF     | binary, 2 bytes: 00 ff",
                "de:ad-be_ef   | binary, 4 bytes: de ad be ef",
                "''            | binary, 0 bytes",
            })
    void bytes_are_sent_as_they_are_typed(String typed, String shown) {
        client.connect();
        client.unfold("binaryGroup");
        client.byId("hexBytes").fill(typed);
        client.byId("hexSend").click();
        client.assertRows("Connection opened", "Client|Server|" + shown, "Server|Client|" + shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4g     | \u201cg\u201d is not a hexadecimal digit",
                "48 6   | \u201c6\u201d has an odd number of digits",
                "486    | \u201c486\u201d has an odd number of digits",
                "h\u00e9llo | \u201ch\u201d is not a hexadecimal digit",
            })
    void what_are_no_bytes_is_said_to_be_none(String typed, String problem) {
        client.connect();
        client.unfold("binaryGroup");
        client.byId("hexBytes").fill(typed);
        client.byId("hexSend").click();
        assertThat(client.byId("hexProblem")).containsText(problem);
        assertThat(client.byId("hexBytes")).hasAttribute("aria-invalid", "true");
        assertThat(client.rows()).hasCount(1);
    }

    @Test
    void a_file_is_sent_as_one_binary_message() {
        client.connect();
        client.unfold("binaryGroup");
        choose(new byte[] {0, 1, (byte) 254, (byte) 255});
        client.byId("fileSend").click();
        client.assertRows(
                "Connection opened",
                "Client|Server|binary, 4 bytes: 00 01 fe ff",
                "Server|Client|binary, 4 bytes: 00 01 fe ff");
    }

    @Test
    void a_file_larger_than_a_frame_comes_back_as_chromium_cuts_it_into_frames() {
        client.connect();
        client.unfold("binaryGroup");
        choose(new byte[3 << 20]);
        assertThat(client.byId("fileNote")).containsText("close with 1009");
        client.byId("fileSend").click();
        assertThat(client.rows()).hasCount(3);
        assertThat(client.rows().last()).containsText("binary, 3145728 bytes");
    }

    @Test
    void a_file_that_is_too_large_is_not_read() {
        client.connect();
        client.unfold("binaryGroup");
        choose(new byte[(16 << 20) + 1]);
        assertThat(client.byId("fileProblem")).containsText("this page sends up to 16\u00a0MiB");
        client.byId("fileSend").click();
        assertThat(client.rows()).hasCount(1);
    }

    @Test
    void without_a_file_there_is_nothing_to_send() {
        client.connect();
        client.unfold("binaryGroup");
        client.byId("fileSend").click();
        assertThat(client.byId("fileProblem")).hasText("Choose a file first.");
        assertThat(client.sockets()).hasSize(1);
    }

    private static void choose(byte[] content) {
        client.byId("fileChoice").setInputFiles(new FilePayload("sample.bin", "application/octet-stream", content));
    }
}
