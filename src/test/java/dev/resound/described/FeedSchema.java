package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The published JSON Schema of the feed's messages, and the strict reading of it: there, what the schema does not describe is an
 * error, where a reader of the feed would ignore it.
 */
final class FeedSchema {

    private static final Path FILE = Path.of("src/main/resources/webroot/telemetry.v1.schema.json");
    private static final String LATER = "#/$defs/later";

    static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("https://resound.invalid/")
            .setOutputFormat(OutputFormat.Basic);

    private final JsonObject schema;
    private final Validator messages;

    private FeedSchema(JsonObject schema) {
        this.schema = schema;
        this.messages = validator(schema);
    }

    static FeedSchema published() {
        try {
            return new FeedSchema(new JsonObject(Files.readString(FILE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FeedSchema strict() {
        JsonObject schema = published().schema;
        schema.getJsonArray("oneOf").remove(new JsonObject().put("$ref", LATER));
        close(schema);
        return new FeedSchema(schema);
    }

    /** The document. */
    JsonObject json() {
        return schema;
    }

    /** A part of it, of {@code $defs}. */
    JsonObject part(String name) {
        JsonObject part = schema.getJsonObject("$defs").getJsonObject(name);
        assertThat(part).as(name).isNotNull();
        return part;
    }

    /** Checks a message of the feed. */
    OutputUnit validate(JsonObject message) {
        return messages.validate(message);
    }

    void assertValid(JsonObject message) {
        OutputUnit result = validate(message);
        assertThat(result.getValid())
                .as(() -> result.toJson().getValue("errors") + " in " + message.encode())
                .isTrue();
    }

    void assertInvalid(JsonObject message) {
        assertThat(validate(message).getValid()).as(message.encode()).isFalse();
    }

    /** The schema of one part alone, which may refer to the others. */
    FeedSchema only(String part) {
        return new FeedSchema(new JsonObject()
                .put("$schema", schema.getString("$schema"))
                .put("$ref", "#/$defs/" + part)
                .put("$defs", schema.getJsonObject("$defs").copy()));
    }

    private static Validator validator(JsonObject schema) {
        return Validator.create(JsonSchema.of(schema.copy()), OPTIONS);
    }

    /** Closes every object that names its members. */
    private static void close(Object json) {
        if (json instanceof JsonObject object) {
            if (object.getValue("properties") instanceof JsonObject) {
                object.put("additionalProperties", false);
            }
            object.forEach(member -> close(member.getValue()));
        } else if (json instanceof JsonArray array) {
            array.forEach(FeedSchema::close);
        }
    }
}
