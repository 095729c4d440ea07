package dev.resound.described;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * A member somewhere in a message.
 *
 * @param object that holds it
 * @param name its name there
 */
record Place(JsonObject object, String name) {

    /** The place at a path: names with dots between them. The objects on the way are made where they are missing. */
    static Place of(JsonObject message, String path) {
        JsonObject object = message;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length - 1; i++) {
            if (!object.containsKey(names[i])) {
                object.put(names[i], new JsonObject());
            }
            object = object.getJsonObject(names[i]);
        }
        return new Place(object, names[names.length - 1]);
    }

    /** The paths of all members, those that are objects included. */
    static List<String> allIn(JsonObject message) {
        return message.stream()
                .flatMap(member -> member.getValue() instanceof JsonObject inner
                        ? Stream.concat(
                                Stream.of(member.getKey()),
                                allIn(inner).stream().map(path -> member.getKey() + "." + path))
                        : Stream.of(member.getKey()))
                .toList();
    }

    void put(Object value) {
        object.put(name, value);
    }

    void remove() {
        object.remove(name);
    }
}
