using System.Collections.Immutable;
using System.Text;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// The byte form of an enrollment's tokens, small because millions of them wait. Version 1: the version, the number of
/// tokens, and for each its step id, visit, a kind, and what it waits for.
/// </summary>
public static class TokenCodec
{
    private const byte Version = 1;

    private enum Kind : byte
    {
        Entering,
        Sleeping,
        Awaiting,
    }

    public static byte[] Write(ImmutableArray<Token> tokens)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write7BitEncodedInt(tokens.Length);
        foreach (var token in tokens)
        {
            writer.Write(token.Step.Value);
            writer.Write7BitEncodedInt(token.Visit);
            if (token.Awaits is { } touch)
            {
                writer.Write((byte)Kind.Awaiting);
                writer.Write(touch.Value.ToByteArray(bigEndian: true));
            }
            else if (token.WakeAt is { } wakeAt)
            {
                writer.Write((byte)Kind.Sleeping);
                writer.Write7BitEncodedInt64(wakeAt.UtcTicks);
            }
            else
            {
                writer.Write((byte)Kind.Entering);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not of a form that this program knows.</exception>
    public static ImmutableArray<Token> Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            var version = reader.ReadByte();
            if (version != Version)
            {
                throw new FormatException(
                    $"Tokens of form {version} are newer than this program, which knows form {Version}."
                );
            }

            var tokens = ImmutableArray.CreateBuilder<Token>();
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            {
                tokens.Add(ReadToken(reader));
            }

            return tokens.ToImmutable();
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException)
        {
            throw new FormatException("The tokens are cut short or damaged.", exception);
        }
    }

    private static Token ReadToken(BinaryReader reader)
    {
        var step = new StepId(reader.ReadString());
        var visit = reader.Read7BitEncodedInt();
        return (Kind)reader.ReadByte() switch
        {
            Kind.Awaiting => new Token(step, visit, null, new TouchId(new Guid(reader.ReadBytes(16), bigEndian: true))),
            Kind.Sleeping => new Token(
                step,
                visit,
                new DateTimeOffset(reader.Read7BitEncodedInt64(), TimeSpan.Zero),
                null
            ),
            Kind.Entering => new Token(step, visit, null, null),
            var unknown => throw new FormatException($"A token of kind {(byte)unknown} is unknown."),
        };
    }
}
