package dev.resound.bench;

/** Somebody wants this to end. */
final class Interruption extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Interruption(InterruptedException cause) {
        super(cause);
        Thread.currentThread().interrupt();
    }
}
