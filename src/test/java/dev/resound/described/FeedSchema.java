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
 * The published JSON Schema of a feed's messages, and the strict reading of it: there, what the schema does not describe is an
 * error, where a reader of the feed would ignore it.
 */
public final class FeedSchema {

    private static final String TELEMETRY = "telemetry.v1.schema.json";
    private static final String FLEET = "fleet.v1.schema.json";

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

    private static JsonObject read(String name) {
        try {
            return new JsonObject(Files.readString(Path.of("src/main/resources/webroot", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of the live feed. */
    static FeedSchema published() {
        return new FeedSchema(read(TELEMETRY));
    }

    /** That of the fleet's feed, with what it takes from the other. */
    static FeedSchema publishedOfFleet() {
        var merged = new JsonObject(read(FLEET).encode().replace(TELEMETRY + "#", "#"));
        read(TELEMETRY).getJsonObject("$defs").forEach(part -> {
            assertThat(merged.getJsonObject("$defs").containsKey(part.getKey())).isFalse();
            merged.getJsonObject("$defs").put(part.getKey(), part.getValue());
        });
        return new FeedSchema(merged);
    }

    static FeedSchema strict() {
        return strict(published());
    }

    public static FeedSchema strictOfFleet() {
        return strict(publishedOfFleet());
    }

    private static FeedSchema strict(FeedSchema published) {
        JsonObject schema = published.schema;
        // The messages of later versions.
        schema.getJsonArray("oneOf").remove(schema.getJsonArray("oneOf").size() - 1);
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

    public void assertValid(JsonObject message) {
        OutputUnit result = validate(message);
        assertThat(result.getValid())
                .as(() -> result.toJson().getValue("errors") + " in " + message.encode())
                .isTrue();
    }

    void assertInvalid(JsonObject message) {
        assertThat(validate(message).getValid()).as(message.encode()).isFalse();
    }

    /** The schema of one part alone, which may refer to the others. */
    public FeedSchema only(String part) {
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
