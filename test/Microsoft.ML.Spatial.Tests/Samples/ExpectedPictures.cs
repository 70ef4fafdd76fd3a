namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>
/// The first test picture under each distortion, as the reference program (Python and NumPy) draws it: compressed with gzip, in base64.
/// </summary>
internal static class ExpectedPictures
{
    public const string R =
        "H4sIAAAAAAACA2NgoA1gxCPDiEOWUcZMmZWRCas0s9PCVAtJHBqdZxVHOYowMmKTZZzYlpZkz8DAxMTAhC7H6rMlMy/OhBsog6nVcvLkpIIyG3GgVkZ0H4lMXV6cVV4UKsYBtJSJGdXm" +
        "4PXtyRXVhbH+Gtw8zCysDGwsSJIz5xYUthTm5eflxiW7ezk66SHJGZxpKahpLMpNLa3OrWioa/dmQzK2cHN9WUdddWVhdmxOQ1OrCxOyb9avmFBd19haX1E3efrCJY4o/rDZt7e3Z2Ln" +
        "hGmzJs9avHIiD4pk/IJ9M2Z1TpnR0dM+a8HSBAYGJCvZ7BfvmDNh7rI5U6ctXLZugqUwIxdSfBh/3zW3Z+bcWXNXrJw/fXJ8gAkrkrE5BzdNnDNr1sJFU6fMmFlriRqwqy5uWTRz1tQJ" +
        "M+fPzpVHldI78eXkvIlT+6YsXhHGih4h05883dS3bPL0+TlSGLGlsvPThTULFyyYroklCYQefL5vw54KGaxpp/7I8bkxOhwwLgBSFAZREAMAAA==";

    public const string RTS =
        "H4sIAAAAAAACA2NgGAWjgJ6AhZGgEkagEkY2BkUOvGoY+bSFmEGGMTLEy+BXaZDiIwVkMQk5pcvjVckf3dCQ6OMf4p/W2aKFRyEzm0NFTc+SFQuWzJoxb5IxHhOZBOsaG6YsW7Zgxdop" +
        "M6bbMWNRA/IvIxMDd2ZxTv2s+TPmLVsxafaCED4cfmFi5PFsSYlvnt7XOWvF6smzlxZpYDMRhPlcK8qzsrqndk+cvmDZlJmLpwRgMZGJkYFV3D63JL+weuLknhmz5iyYOHHGsmIWVEVM" +
        "QAcycwqruuflZ5XVtE+ZNXfxrBmzJ/VMnFunhBpxQMAsZuifUZyfU1bX2tU3fcHM2XOnTpu/aOU0I2QnsorrWjj7plfXVRSVVtfVdfb2TJjWMX/hlAkzF6xdiByiAkYegUmZ2QXFFY3t" +
        "7b0N9X0zZ8ycP339pjXLVm/aNk8doZDfoaIgOS0jJSU1PTs/t7yiceK8VbsO7rl4/eb1m9dOrdREqBQNnDZl0qQpEzqbKkurqntW7T554cbj7TMffnj7/P6lg4vkECpZFWMKylsnzF+5" +
        "et2m7bsO7FtV7yrGycAwYcvyqa2VBbFoKZRD3TYsNT09OSbEx8FQjgcUGmyMo1l+gAEAl0YrB+QGAAA=";

    public const string P =
        "H4sIAAAAAAACA2NgGAWjYBTQEDAyMLMwEaFMgI2RgY2HnQiVcnoMDEyyfIRVMknXMjCwmggTYaZObaSueCQPYYWM+vWrlzS2sxFhZljJ0iXzZhFhJENe3OwF82YwElIpIGqUX9A3a+F8LkIqpXNr" +
        "8humTF+4SIOg9elF9XV98+fMjCTsI+35/bP6Jk/MISbao1p3rl5QQWQaeXY1ntjkFO84mqVIAwCxuHap5AYAAA==";

    public const string E =
        "H4sIAAAAAAACA2NgGHqAkYmDgQmXHLu3BIhiY2ZgxpBTKqsAUQyMjPySwqzIUkysaQ2966sClPmllVS8AiRhOhiYGJkYtAvLJq5auGz2xPaKiqwUdSQDGfky8pInLpi9YPm6hdPnzOo1huliYmDi" +
        "SWvIT++b0jZl0Yqlk6fNmWnNDNXDwCCVW5RZUNo6s3PCtIUr5k2evzxRBiTBxMCj4Z+Vm11UU9c5feLEmbPmLeifNm+eH0gPk6RLamFhYWl1XVtn34zFK+bNmDm5b8qiNAZOOWOvzKqa6trGprq6" +
        "1v7uzv5ZffNmT5qzaEsRn4l/UlZhYWV9bXNzTV3ThBmzpszoX7lxzYY9u6JCEtKzUlJS0nNzy+uaWjsnzJy7bOf+Uw9ffXx1Mqq7rLKltbmmtLq2Y9qqnfuOnLlw7s6c2fcu7ZhZZzB/59plK5ct" +
        "W7Vx2679+/eum1vtK8jAoJrrpyUApOSdknomT57Y2ViRnxLhYaEswIgIK2ZuHi7WwZ+2AEfYhtQQAwAA";

    public const string TC =
        "H4sIAAAAAAACA2NgGAWjYNACVko0M5Gts4yBnWy96ymwdzMbAzMBJcyMDEDHqWJKLLZmYMGpi5GJQTqEG8IuJ9FRQAsj+vNALLHYLBL1sjCYNlZMXj93WfusFT2kxh53Z1PDgg3zl2+a" +
        "On0C8Y5lYgSFYXFRVueKmXOWLu+fO48bp+ppq/c2InkTFLwMDJHdUXEzpzZPX7mmf/5KA5x6V6w52IjkWhaQ/qSOvNy8Re0Tps5fPmHeStwBvWntUaheJiZGcHKRyilNzi/tmNM2a9ac" +
        "Bb2T52zC6cHN6471QF0KAqKmMaX56cWNbf2zlq6aNX1Wf9e0pdo49EpuWHd0EoQpbuboE1rWUJ1fWFZf293asaBn9sIJs9cs3GuHQ6/mhjXHJ4JZLnFR+UX5RcX17R39dfVAG6fULlo0" +
        "oWvmoiNWhGLHbWVjRlJKXGJSWk5WeUXj1DnL9+07cuzY7qN7d6gQ0itQt3rPnh2rZ7ZX1NVP2nn44oX/Fzd+/fP79/c75wzRlAYEhEY6WKCK8ThnLdl5/NLlSxf2TQviAMXBhT3rF82b" +
        "jp44HDoLS0ttoJzrIHCb6CRrsqpQxSMUpvcGENzGnp+wAI25iS4mOkh6r98hUicDg09paICPAJRzDaj35h2i3Vy7aRNP5FKEvddv3Cav7LqBy7+jYBTQD+g/3L/84Wry9Gq/OL/l8ULy" +
        "9Gq8OLPt/VJy9V6+9G0GeXqVH9+5/LuePL1Kd29e/Vs1mmZGARwAAEYXUoQQDgAA";
}
