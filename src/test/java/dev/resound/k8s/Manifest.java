package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A resource, or a part of one. Its values are addressed by JSON pointers, as in {@code /spec/ports/0/name}.
 *
 * @param json as it was rendered
 */
record Manifest(JsonObject json) {

    String kind() {
        return text("/kind");
    }

    String name() {
        return text("/metadata/name");
    }

    boolean has(String pointer) {
        return JsonPointer.from(pointer).queryJson(json) != null;
    }

    /** A value; it must be there. */
    Object at(String pointer) {
        Object value = JsonPointer.from(pointer).queryJson(json);
        if (value == null) {
            throw new AssertionError(pointer + " is not in " + json);
        }
        return value;
    }

    String text(String pointer) {
        assertThat(at(pointer)).as(pointer).isInstanceOf(String.class);
        return (String) at(pointer);
    }

    int number(String pointer) {
        assertThat(at(pointer)).as(pointer).isInstanceOf(Integer.class);
        return (Integer) at(pointer);
    }

    Manifest part(String pointer) {
        return new Manifest((JsonObject) at(pointer));
    }

    /** The objects of a list. */
    List<Manifest> objects(String pointer) {
        return ((JsonArray) at(pointer))
                .stream().map(item -> new Manifest((JsonObject) item)).toList();
    }

    /** The texts of a list. */
    List<String> texts(String pointer) {
        return ((JsonArray) at(pointer)).stream().map(String.class::cast).toList();
    }

    /** An object whose values are texts, as labels are. */
    Map<String, String> map(String pointer) {
        return part(pointer).json.stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (String) entry.getValue()));
    }

    Map<String, String> labels() {
        return map("/metadata/labels");
    }
}
