package dev.resound.test;

import java.util.concurrent.atomic.AtomicReference;

/** Runs code on a thread with so small a stack that recursion over input of a few kilobytes overflows it. */
public final class SmallStack {

    /** In bytes; the JVM rounds it up to its minimum. */
    private static final long STACK = 160 * 1024;

    private SmallStack() {}

    /** Runs the code to its end, and throws what it throws. */
    public static void run(Runnable code) throws InterruptedException {
        var thrown = new AtomicReference<Throwable>();
        var thread = new Thread(null, code, "small-stack", STACK);
        thread.setUncaughtExceptionHandler((dead, failure) -> thrown.set(failure));
        thread.start();
        thread.join();
        if (thrown.get() != null) {
            throw new AssertionError(thrown.get());
        }
    }
}
