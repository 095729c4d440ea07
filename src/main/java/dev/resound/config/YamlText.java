package dev.resound.config;

import dev.resound.config.ParsedSources.RawSetting;
import dev.resound.config.ParsedSources.RawValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads settings from YAML. It uses the nodes of the parser, which keep line numbers and scalars as written. Constructed objects lose them:
 * {@code 1:30} becomes
 * 90, {@code null} in a list of origins disappears, and so does the first of two equal keys.
 */
final class YamlText {

    private static final int LONGEST_PATH = 200;

    private final String name;
    private final ParsedSources parsed;
    private final Map<String, Integer> lines = new HashMap<>();

    private YamlText(String name, ParsedSources parsed) {
        this.name = name;
        this.parsed = parsed;
    }

    /** Reads the text of a file called {@code name}. */
    static void read(String name, String text, ParsedSources parsed) {
        var yaml = new YamlText(name, parsed);
        int notUtf8 = text.indexOf('\uFFFD');
        if (text.isBlank()) {
            parsed.add(ConfigurationProblem.at(name, "is empty"));
        } else if (notUtf8 >= 0) {
            parsed.add(ConfigurationProblem.at(place(name, text, notUtf8), "is not UTF-8"));
        } else {
            yaml.read(text);
        }
    }

    private void read(String text) {
        try {
            Node root = compose(text);
            if (root instanceof MappingNode mapping) {
                section("", mapping);
            } else if (root != null && !root.getTag().equals(Tag.NULL)) {
                parsed.add(ConfigurationProblem.at(
                        place(root.getStartMark()), "must be keys with values, as in http: { port: 8080 }"));
            }
        } catch (MarkedYAMLException e) {
            parsed.add(ConfigurationProblem.at(place(e.getProblemMark()), "is not YAML: " + clipped(e.getProblem())));
        } catch (ReaderException e) {
            parsed.add(ConfigurationProblem.at(
                    place(name, text, e.getPosition()),
                    "is not YAML: it holds the character U+%04X".formatted(e.getCodePoint())));
        } catch (YAMLException e) {
            parsed.add(ConfigurationProblem.at(name, "is not YAML: " + clipped(e.getMessage())));
        }
    }

    private static @Nullable Node compose(String text) {
        var options = new LoaderOptions();
        // An alias may refer to itself or expand a small file to a huge structure. No setting needs one.
        options.setMaxAliasesForCollections(0);
        return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options).getSingleNode();
    }

    private void section(String prefix, MappingNode mapping) {
        for (NodeTuple pair : mapping.getValue()) {
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                parsed.add(
                        ConfigurationProblem.at(place(pair.getKeyNode().getStartMark()), "must have text for a key"));
                continue;
            }
            String path = prefix + key.getValue();
            if (isFirst(path, key)) {
                if (pair.getValueNode() instanceof MappingNode nested && isSection(path, nested)) {
                    section(path + ".", nested);
                } else {
                    parsed.add(new RawSetting(path, value(pair.getValueNode()), origin(key)));
                }
            }
        }
    }

    /**
     * Whether to read the keys below this path. True for unknown sections too, so that {@code websockets.path} is reported instead of
     * {@code websockets}, if they have
     * keys and the path is not too long.
     */
    private static boolean isSection(String path, MappingNode nested) {
        boolean maybe = Key.find(path).isEmpty() && !nested.getValue().isEmpty() && path.length() <= LONGEST_PATH;
        return maybe || Key.sections().contains(path);
    }

    private static String clipped(@Nullable String message) {
        return ConfigurationProblem.clipped(
                String.valueOf(message).lines().findFirst().orElse(""));
    }

    private boolean isFirst(String path, Node key) {
        int line = key.getStartMark().getLine() + 1;
        Integer first = lines.putIfAbsent(path, line);
        if (first != null) {
            parsed.add(ConfigurationProblem.at(
                    place(key.getStartMark()),
                    "repeats the key %s, first in line %d".formatted(ConfigurationProblem.key(path), first)));
        }
        return first == null;
    }

    private static RawValue value(Node value) {
        return switch (value) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> new RawValue.Nothing();
            case ScalarNode scalar -> new RawValue.Text(scalar.getValue());
            case SequenceNode sequence -> items(sequence.getValue());
            default -> new RawValue.Other("keys of its own");
        };
    }

    private static RawValue items(List<Node> nodes) {
        return nodes.stream().allMatch(ScalarNode.class::isInstance)
                ? new RawValue.Items(nodes.stream()
                        .map(node -> ((ScalarNode) node).getValue())
                        .toList())
                : new RawValue.Other("a list of lists or keys");
    }

    private String origin(Node node) {
        return name + " line " + (node.getStartMark().getLine() + 1);
    }

    private String place(@Nullable Mark mark) {
        return mark == null ? name : "%s line %d column %d".formatted(name, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String place(String name, String text, int index) {
        String before = text.substring(0, index);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return "%s line %d column %d".formatted(name, line, index - before.lastIndexOf('\n'));
    }
}
