package dev.resound.tls;

/** Files as OpenSSL writes them and the JDK's keytool does not. The certificates have signed themselves and end in 2036. */
final class OpenSslFiles {

    private OpenSslFiles() {}

    /** Of a key on a curve that the JDK does not have. */
    static final String SECP256K1_CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBbDCCARKgAwIBAgIUcxiGQ631t2BT0z6TTMJP6JKiAMswCgYIKoZIzj0EAwIw
            DTELMAkGA1UEAwwCazEwHhcNMjYxMTI4MTIxODIwWhcNMzYxMTI1MTIxODIwWjAN
            MQswCQYDVQQDDAJrMTBWMBAGByqGSM49AgEGBSuBBAAKA0IABOwTBY2A/eV3stpq
            zZx2jJfzZrCAed7as8hxM1UO8e5koysN+zW3pGtvnc0c8JQCYbO/QVrxCc0+jhAq
            05WxIKmjUzBRMB0GA1UdDgQWBBRbfzwjMOcAd3h/xH7Ukry6XhHktDAfBgNVHSME
            GDAWgBRbfzwjMOcAd3h/xH7Ukry6XhHktDAPBgNVHRMBAf8EBTADAQH/MAoGCCqG
            SM49BAMCA0gAMEUCIQDckHlMKuJ/IRLiaZDbfq7IHB+LOYTlm05svbgFffU67wIg
            dYVqVCom3S/azJ4Umd5npIIWScTjyh6T0PMPUc+VecI=
            -----END CERTIFICATE-----
            """;

    /** Its key, with the block of parameters that {@code openssl ecparam} puts in front. */
    static final String SECP256K1_SEC1 = """
            -----BEGIN EC PARAMETERS-----
            BgUrgQQACg==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHQCAQEEIGvaLMHWiGGHjfFfeGg+ShhZ90d06Gh0N7HMFI0JvP6doAcGBSuBBAAK
            oUQDQgAE7BMFjYD95Xey2mrNnHaMl/NmsIB53tqzyHEzVQ7x7mSjKw37Nbeka2+d
            zRzwlAJhs79BWvEJzT6OECrTlbEgqQ==
            -----END EC PRIVATE KEY-----
            """;

    /** The same key. */
    static final String SECP256K1_PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQga9oswdaIYYeN8V94aD5K
            GFn3R3ToaHQ3scwUjQm8/p2hRANCAATsEwWNgP3ld7Laas2cdoyX82awgHne2rPI
            cTNVDvHuZKMrDfs1t6Rrb53NHPCUAmGzv0Fa8QnNPo4QKtOVsSCp
            -----END PRIVATE KEY-----
            """;

    /** Of a key on P-256. */
    static final String P256_CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBdDCCARmgAwIBAgIUGwTO41Wum27TfqUCMRfDy9q3F2cwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEcDI1NjAeFw0yNjExMjgxMjE4MjBaFw0zNjExMjUxMjE4MjBa
            MA8xDTALBgNVBAMMBHAyNTYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASbR+JE
            qOJoe1gY6wBe7CGNDnJT096hggrkBVQe0nZBg/du3UDM+qKFKEEAUMrfIRssQL9L
            Il/N9hoXzPfWWm+Eo1MwUTAdBgNVHQ4EFgQUg74vwiRHySjjvN26VEbq8rviYvUw
            HwYDVR0jBBgwFoAUg74vwiRHySjjvN26VEbq8rviYvUwDwYDVR0TAQH/BAUwAwEB
            /zAKBggqhkjOPQQDAgNJADBGAiEA7JNyc8B4TapSkfDzT2XCU3DLhMqaqkfi0uO/
            x/lc7sMCIQD/+yjGY5YcUM+Z4E4im1KMeF6mFt/dHsvh4uQPcOVYLw==
            -----END CERTIFICATE-----
            """;

    /** Its key, with the block of parameters in front. */
    static final String P256_SEC1 = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIAvbv7jg4+yMMuTuWSqkTzKQWGnZRNJYd9PFvw/riE2ooAoGCCqGSM49
            AwEHoUQDQgAEm0fiRKjiaHtYGOsAXuwhjQ5yU9PeoYIK5AVUHtJ2QYP3bt1AzPqi
            hShBAFDK3yEbLEC/SyJfzfYaF8z31lpvhA==
            -----END EC PRIVATE KEY-----
            """;

    /** The same key, with the numbers that make the curve instead of its name. */
    static final String P256_EXPLICIT = """
            -----BEGIN EC PRIVATE KEY-----
            MIIBaAIBAQQgC9u/uODj7Iwy5O5ZKqRPMpBYadlE0lh308W/D+uITaiggfowgfcC
            AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////
            MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr
            vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE
            axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W
            K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8
            YyVRAgEBoUQDQgAEm0fiRKjiaHtYGOsAXuwhjQ5yU9PeoYIK5AVUHtJ2QYP3bt1A
            zPqihShBAFDK3yEbLEC/SyJfzfYaF8z31lpvhA==
            -----END EC PRIVATE KEY-----
            """;
}
