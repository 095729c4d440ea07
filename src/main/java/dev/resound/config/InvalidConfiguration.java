package dev.resound.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration is invalid. The message is for people: the number of problems, then one line for each of the first {@value #MOST}.
 */
public final class InvalidConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A file of the wrong format has a problem in every line. */
    static final int MOST = 100;

    private final transient List<ConfigurationProblem> problems;

    InvalidConfiguration(List<ConfigurationProblem> problems) {
        super(message(problems));
        this.problems = problems.stream().limit(MOST).toList();
    }

    /** The problems, at least one and at most {@value #MOST}. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }

    private static String message(List<ConfigurationProblem> problems) {
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        String rest = problems.size() > MOST ? "\n  and %d more".formatted(problems.size() - MOST) : "";
        return problems.stream()
                .limit(MOST)
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", count + " in the configuration:", rest));
    }
}
