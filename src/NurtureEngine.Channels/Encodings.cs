using System.Runtime.CompilerServices;
using System.Text;

namespace NurtureEngine.Channels;

/// <summary>The character sets of mail from all over the world.</summary>
internal static class Encodings
{
#pragma warning disable CA2255 // MimeKit looks for character sets once, when its first type is touched, whoever touches it.
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
#pragma warning restore CA2255
}
