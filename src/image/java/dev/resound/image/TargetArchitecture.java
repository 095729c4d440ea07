package dev.resound.image;

import java.util.Arrays;

/** An architecture that an image can be built for. */
enum TargetArchitecture {
    AMD64("amd64", "linux-x86_64", "lib/x86_64-linux-gnu", "lib64/ld-linux-x86-64.so.2"),
    ARM64("aarch64", "linux-aarch_64", "lib/aarch64-linux-gnu", "lib/ld-linux-aarch64.so.1");

    private final String java;
    private final String classifier;
    private final String libraryFolder;
    private final String loader;

    TargetArchitecture(String java, String classifier, String libraryFolder, String loader) {
        this.java = java;
        this.classifier = classifier;
        this.libraryFolder = libraryFolder;
        this.loader = loader;
    }

    /** The architecture with this name in OCI's terms: {@code amd64} or {@code arm64}. */
    static TargetArchitecture named(String name) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no image can be built for " + name));
    }

    /** Throws where Java runs on another architecture. An image takes its runtime and its AOT cache from the machine that builds it. */
    void requireJavaOf(String osName, String osArch) {
        if (!osName.equals("Linux") || !osArch.equals(java)) {
            throw new IllegalArgumentException("an image for %s has to be built on Linux on %s, not on %s on %s"
                    .formatted(this, this, osName, osArch));
        }
    }

    /** The classifier of the jars with Netty's native transports. */
    String classifier() {
        return classifier;
    }

    /** Whether the name of a jar, or its package URL, has the classifier of another architecture. */
    boolean excludes(String nameOrUrl) {
        return Arrays.stream(values()).anyMatch(other -> other != this && nameOrUrl.contains(other.classifier));
    }

    /** The folder of the C library on Debian. */
    String libraryFolder() {
        return libraryFolder;
    }

    /** The path of the dynamic loader. */
    String loader() {
        return loader;
    }

    @Override
    public String toString() {
        return this == AMD64 ? "amd64" : "arm64";
    }
}
