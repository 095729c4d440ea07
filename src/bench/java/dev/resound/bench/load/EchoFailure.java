package dev.resound.bench.load;

/** A server that does not give back what it got; its figures mean nothing. */
final class EchoFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EchoFailure(String message) {
        super(message);
    }
}
