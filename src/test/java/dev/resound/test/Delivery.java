package dev.resound.test;

import java.io.IOException;
import java.io.OutputStream;

/** How bytes are cut on their way: no rule of the protocol depends on it. */
public enum Delivery {
    ONE_WRITE(Integer.MAX_VALUE),
    CHOPPED(7),
    BYTE_BY_BYTE(1);

    /** Beyond this, a long payload goes out in larger cuts, as it would take minutes otherwise. */
    private static final int PATIENCE = 2000;

    private final int most;

    Delivery(int most) {
        this.most = most;
    }

    void write(OutputStream out, byte[] bytes) throws IOException {
        int cut = Math.max(1, Math.min(most, bytes.length));
        for (int from = 0; from < bytes.length; from += cut) {
            if (from > PATIENCE) {
                cut = Math.max(cut, 997);
            }
            out.write(bytes, from, Math.min(cut, bytes.length - from));
            out.flush();
        }
    }
}
