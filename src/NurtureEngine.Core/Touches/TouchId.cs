using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Touches;

/// <summary>
/// One message or call for one lead. The id derives from where it comes from, so that a step that runs again after a crash
/// plans the same touch and not a second one.
/// </summary>
public readonly record struct TouchId(Guid Value)
{
    /// <summary>The touch of one pass through a step: a name-based UUID (RFC 9562, version 8) over SHA-256.</summary>
    public static TouchId Of(EnrollmentId enrollment, StepId step, int visit)
    {
        var name = Encoding.UTF8.GetBytes(step.Value);
        Span<byte> input = stackalloc byte[12 + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(input, enrollment.Value);
        BinaryPrimitives.WriteInt32BigEndian(input[8..], visit);
        name.CopyTo(input[12..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new TouchId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>
    /// The e-mail's Message-ID (RFC 5322, section 3.6.4), without angle brackets; equal at every attempt. Touches are counted
    /// anew in each database, so the installation is part of it.
    /// </summary>
    public string MessageIdAt(string domain, Guid installation) => $"{Value:N}.{installation:N}@{domain}";
}
