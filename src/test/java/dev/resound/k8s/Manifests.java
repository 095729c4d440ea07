package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Everything that one folder renders to.
 *
 * @param origin the folder
 * @param all in the order of the rendering
 */
record Manifests(String origin, List<Manifest> all) {

    static Manifests parse(String origin, String yaml) {
        List<Manifest> all = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(document -> all.add(new Manifest(json(document))));
        return new Manifests(origin, List.copyOf(all));
    }

    @SuppressWarnings("unchecked") // Every key of a manifest is a text.
    private static JsonObject json(Object document) {
        return new JsonObject((Map<String, Object>) document);
    }

    List<Manifest> of(String kind) {
        return all.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
    }

    boolean has(String kind) {
        return !of(kind).isEmpty();
    }

    /** The only one of its kind. */
    Manifest the(String kind) {
        assertThat(of(kind)).as("%s in %s", kind, origin).hasSize(1);
        return of(kind).getFirst();
    }

    /** The one of this kind and name. */
    Manifest the(String kind, String name) {
        assertThat(of(kind))
                .as("%s in %s", kind, origin)
                .extracting(Manifest::name)
                .contains(name);
        return of(kind).stream()
                .filter(manifest -> manifest.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The one of this name, hash included. */
    Manifest configMap(String name) {
        return of("ConfigMap").stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no ConfigMap " + name + " in " + origin));
    }

    Manifest deployment() {
        return the("Deployment");
    }

    /** What the Deployment makes pods of. */
    Manifest pod() {
        return deployment().part("/spec/template");
    }

    /** The only container of the pod. */
    Manifest container() {
        assertThat(pod().objects("/spec/containers")).hasSize(1);
        return pod().part("/spec/containers/0");
    }

    @Override
    public String toString() {
        return origin;
    }
}
