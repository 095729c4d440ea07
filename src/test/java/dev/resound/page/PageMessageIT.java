package dev.resound.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The message box of the client page: its keys, its types, the messages that it keeps; and files. */
class PageMessageIT {

    @RegisterExtension
    static final ClientPage client = new ClientPage();

    // Types.

    @Test
    void bytes_are_sent_as_they_are_typed() {
        client.connect();
        assertSent("hex", "48 65 6c", "binary, 3 bytes: 48 65 6c");
        assertSent("hex", "48656C", "binary, 3 bytes: 48 65 6c");
        assertSent("hex", "0x00,0xFF", "binary, 2 bytes: 00 ff");
        assertSent("hex", "de:ad-be_ef", "binary, 4 bytes: de ad be ef");
        assertSent("hex", "", "binary, 0 bytes");
        assertSent("Base64", "SGVs", "binary, 3 bytes: 48 65 6c");
        assertSent("Base64", "AP8=", "binary, 2 bytes: 00 ff");
        assertSent("Base64", "AP8", "binary, 2 bytes: 00 ff");
        assertSent("Base64", "-_8", "binary, 2 bytes: fb ff");
    }

    private static void assertSent(String type, String typed, String shown) {
        client.byId("clearButton").click();
        client.page().getByLabel(type).check();
        client.send(typed);
        client.assertRows("Client|Server|" + shown, "Server|Client|" + shown);
    }

    @Test
    void what_are_no_bytes_is_not_sent() {
        client.connect();
        assertNotSent("hex", "4g", "\u201cg\u201d is not a hexadecimal digit");
        assertNotSent("hex", "48 6", "\u201c6\u201d has an odd number of digits");
        assertNotSent("hex", "486", "\u201c486\u201d has an odd number of digits");
        assertNotSent("hex", "h\u00e9llo", "\u201ch\u201d is not a hexadecimal digit");
        assertNotSent("Base64", "A!", "\u201c!\u201d is not a Base64 digit");
        assertNotSent("Base64", "A", "digits are missing at the end");
    }

    private static void assertNotSent(String type, String typed, String problem) {
        client.page().getByLabel(type).check();
        client.send(typed);
        assertThat(client.byId("messageHint")).containsText(problem);
        assertThat(client.byId("sendMessage")).hasAttribute("aria-invalid", "true");
        assertThat(client.byId("sendMessage")).hasValue(typed);
        assertThat(client.rows()).hasCount(1);
    }

    @Test
    void json_is_checked_while_it_is_written_and_can_be_formatted() {
        client.connect();
        client.byId("sendMessage").fill("{\"a\":1,}");
        assertThat(client.byId("messageHint")).containsText("not valid JSON: ");
        assertThat(client.byId("formatJson")).isHidden();
        client.byId("sendMessage").fill("{\"a\":[1]}");
        assertThat(client.byId("messageHint")).hasText("9\u00a0bytes, valid JSON");
        client.byId("formatJson").click();
        assertThat(client.byId("sendMessage")).hasValue("{\n  \"a\": [\n    1\n  ]\n}");
        client.byId("sendMessage").fill("h\u00e9");
        assertThat(client.byId("messageHint")).hasText("3\u00a0bytes");
    }

    // Keys.

    @Test
    void enter_sends_and_with_shift_it_starts_a_line() {
        client.connect();
        client.page().keyboard().type("one");
        client.page().keyboard().press("Shift+Enter");
        client.page().keyboard().type("two");
        client.page().keyboard().press("Enter");
        client.page().keyboard().type("three");
        client.page().keyboard().press("Control+Enter");
        client.assertRows(
                "Connection opened",
                "Client|Server|one\ntwo",
                "Server|Client|one\ntwo",
                "Client|Server|three",
                "Server|Client|three");
    }

    @Test
    void pasted_text_keeps_its_lines() {
        client.connect();
        client.byId("sendMessage").focus();
        client.page().keyboard().insertText("first\nsecond\n\nlast");
        client.byId("sendButton").click();
        client.assertRows(
                "Connection opened", "Client|Server|first\nsecond\n\nlast", "Server|Client|first\nsecond\n\nlast");
    }

    @Test
    void the_arrow_keys_bring_back_what_was_sent() {
        client.connect();
        client.send("first");
        client.send("second");
        client.page().keyboard().type("draft");
        client.page().keyboard().press("Home");
        client.page().keyboard().press("ArrowUp");
        assertThat(client.byId("sendMessage")).hasValue("second");
        client.page().keyboard().press("ArrowUp");
        assertThat(client.byId("sendMessage")).hasValue("first");
        client.page().keyboard().press("ArrowUp");
        assertThat(client.byId("sendMessage")).hasValue("first");
        client.page().keyboard().press("End");
        client.page().keyboard().press("ArrowDown");
        assertThat(client.byId("sendMessage")).hasValue("second");
        client.page().keyboard().press("ArrowDown");
        assertThat(client.byId("sendMessage")).hasValue("draft");
    }

    @Test
    void the_arrow_keys_move_within_a_message_of_several_lines() {
        client.connect();
        client.send("before");
        client.byId("sendMessage").fill("one\ntwo");
        client.page().keyboard().press("ArrowUp");
        assertThat(client.byId("sendMessage")).hasValue("one\ntwo");
        client.page().keyboard().press("Home");
        client.page().keyboard().press("ArrowUp");
        assertThat(client.byId("sendMessage")).hasValue("before");
    }

    // Saved messages.

    @Test
    void saved_messages_are_there_after_a_reload_and_can_be_removed() {
        client.connect();
        client.byId("sendMessage").fill("{\"type\":\"subscribe\"}");
        client.byId("saveMessage").click();
        client.page().getByLabel("hex").check();
        client.byId("sendMessage").fill("00 ff");
        client.byId("saveMessage").click();
        client.open("");
        assertThat(client.byId("savedMessages").locator("li")).hasCount(2);
        client.connect();
        client.byId("savedMessages")
                .locator("li")
                .first()
                .locator("button")
                .first()
                .click();
        assertThat(client.byId("sendMessage")).hasValue("00 ff");
        client.byId("sendButton").click();
        assertThat(client.rows().last()).containsText("binary, 2 bytes: 00 ff");
        client.page().getByLabel("Remove 00 ff").click();
        assertThat(client.byId("savedMessages").locator("li")).hasCount(1);
        Accessibility.assertNothingSerious(client.page());
        client.shot("saved-messages");
    }

    @Test
    void what_is_stored_but_no_message_is_left_out() {
        client.page()
                .evaluate("localStorage.setItem('resound.messages', '[null,{\"type\":\"paper\",\"text\":\"x\"},"
                        + "{\"type\":\"text\",\"text\":5},{\"type\":\"text\",\"text\":\"good\"}]')");
        client.open("");
        assertThat(client.byId("savedMessages").locator("li")).hasCount(1);
        client.page().evaluate("localStorage.setItem('resound.messages', '{')");
        client.open("");
        assertThat(client.byId("savedMessages").locator("li")).hasCount(0);
        client.connect();
    }

    @Test
    void without_storage_a_message_is_kept_until_the_page_closes() {
        client.page()
                .addInitScript(
                        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })");
        client.open("");
        client.connect();
        client.byId("sendMessage").fill("hello");
        client.byId("saveMessage").click();
        assertThat(client.byId("messageHint")).containsText("Saved until the page closes");
        assertThat(client.byId("savedMessages").locator("li")).hasCount(1);
    }

    // Files.

    @Test
    void a_file_is_sent_as_one_binary_message() {
        client.connect();
        client.unfold("fileGroup");
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
        client.unfold("fileGroup");
        choose(new byte[3 << 20]);
        assertThat(client.byId("fileNote")).containsText("close with 1009");
        client.byId("fileSend").click();
        assertThat(client.rows()).hasCount(3);
        assertThat(client.rows().last()).containsText("binary, 3145728 bytes");
    }

    @Test
    void a_file_that_is_too_large_is_not_read(@TempDir Path directory) throws IOException {
        client.connect();
        client.unfold("fileGroup");
        Path file = directory.resolve("large.bin");
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength((16 << 20) + 1);
        }
        client.byId("fileChoice").setInputFiles(file);
        assertThat(client.byId("fileProblem")).containsText("this page sends up to 16\u00a0MiB");
        client.byId("fileSend").click();
        assertThat(client.rows()).hasCount(1);
    }

    @Test
    void without_a_file_there_is_nothing_to_send() {
        client.connect();
        client.unfold("fileGroup");
        client.byId("fileSend").click();
        assertThat(client.byId("fileProblem")).hasText("Choose a file first.");
        assertThat(client.rows()).hasCount(1);
    }

    private static void choose(byte[] content) {
        client.byId("fileChoice").setInputFiles(new FilePayload("sample.bin", "application/octet-stream", content));
    }
}
