using System.Collections.Immutable;
using System.Text;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Flows;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// The byte form of where an enrollment stands, small because millions of them wait. Form 3: the form, frames, tokens, visits,
/// variables and what was heard, each as their number and then one by one; steps by their ids, so that a corrected version can
/// take them over. Older forms are read and no longer written: 2 heard nothing, 1 had tokens only, all in the outermost flowchart.
/// </summary>
public static class TokenCodec
{
    private const byte TokensOnly = 1;
    private const byte Deaf = 2;
    private const byte Version = 3;
    private const byte Back = 0x10;

    private enum Kind : byte
    {
        Entering,
        Sleeping,
        Awaiting,
        Listening,
        ListeningUntil,
        LookingAgain,
    }

    public static byte[] Write(Standing standing)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write7BitEncodedInt(standing.Frames.Length);
        foreach (var frame in standing.Frames)
        {
            Write(writer, frame);
        }

        writer.Write7BitEncodedInt(standing.Tokens.Length);
        foreach (var token in standing.Tokens)
        {
            Write(writer, token);
        }

        writer.Write7BitEncodedInt(standing.Visits.Count);
        foreach (var (step, visits) in standing.Visits)
        {
            writer.Write(step);
            writer.Write7BitEncodedInt(visits);
        }

        writer.Write7BitEncodedInt(standing.Variables.Count);
        foreach (var (name, value) in standing.Variables)
        {
            writer.Write(name);
            writer.Write(value);
        }

        writer.Write7BitEncodedInt(standing.Heard.Count);
        foreach (var key in standing.Heard)
        {
            writer.Write(key);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not of a form that this program knows.</exception>
    public static Standing Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        try
        {
            var version = reader.ReadByte();
            if (version == TokensOnly)
            {
                return new Standing { Tokens = Many(reader, ReadTokenOfOutermost) };
            }

            if (version is not (Deaf or Version))
            {
                throw new FormatException(
                    $"Tokens of form {version} are unknown to this program, which knows form {Version}."
                );
            }

            return new Standing
            {
                Frames = Many(reader, ReadFrame),
                Tokens = Many(reader, ReadToken),
                Visits = Many(reader, r => (r.ReadString(), r.Read7BitEncodedInt()))
                    .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
                Variables = Many(reader, r => (r.ReadString(), r.ReadString()))
                    .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
                Heard =
                    version == Deaf
                        ? Standing.Over.Heard
                        : Many(reader, r => r.ReadString()).ToImmutableSortedSet(StringComparer.Ordinal),
            };
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new FormatException("The tokens are cut short or damaged.", exception);
        }
    }

    /// <summary>The steps at which an enrollment stands, without those that it is about to enter: far cheaper than all that is written.</summary>
    /// <exception cref="FormatException">The bytes are not of a form that this program knows.</exception>
    public static IReadOnlyList<string> ReadPlaces(byte[] bytes)
    {
        if (bytes is not [Deaf or Version, ..])
        {
            return [.. Read(bytes).Tokens.Where(token => !token.IsEntering).Select(token => token.Step.Value)];
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        try
        {
            reader.ReadByte();
            for (var frames = reader.Read7BitEncodedInt(); frames > 0; frames--)
            {
                SkipFrame(reader);
            }

            var places = new List<string>(1);
            for (var tokens = reader.Read7BitEncodedInt(); tokens > 0; tokens--)
            {
                if (ReadToken(reader) is { IsEntering: false } token)
                {
                    places.Add(token.Step.Value);
                }
            }

            return places;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new FormatException("The tokens are cut short or damaged.", exception);
        }
    }

    private static void SkipFrame(BinaryReader reader)
    {
        SkipText(reader);
        reader.Read7BitEncodedInt();
        reader.Read7BitEncodedInt();
        SkipText(reader);
        reader.Read7BitEncodedInt();
        reader.ReadBoolean();
        for (var joins = reader.Read7BitEncodedInt(); joins > 0; joins--)
        {
            SkipText(reader);
            for (var branches = reader.Read7BitEncodedInt(); branches > 0; branches--)
            {
                reader.Read7BitEncodedInt();
                reader.ReadBoolean();
            }
        }
    }

    private static void SkipText(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new EndOfStreamException();
        }

        reader.BaseStream.Position += length;
    }

    private static void Write(BinaryWriter writer, Frame frame)
    {
        writer.Write(frame.Container.Value);
        writer.Write7BitEncodedInt(frame.Number);
        writer.Write7BitEncodedInt(frame.Parent);
        writer.Write(frame.Start.Value ?? "");
        writer.Write7BitEncodedInt(frame.Begun);
        writer.Write(frame.IsBack);
        writer.Write7BitEncodedInt(frame.Joins.Count);
        foreach (var (step, arrivals) in frame.Joins)
        {
            writer.Write(step.Value);
            writer.Write7BitEncodedInt(arrivals.Branches.Length);
            foreach (var (ahead, came) in arrivals.Branches)
            {
                writer.Write7BitEncodedInt(ahead);
                writer.Write(came);
            }
        }
    }

    private static Frame ReadFrame(BinaryReader reader)
    {
        var container = new StepId(reader.ReadString());
        var frame = new Frame(reader.Read7BitEncodedInt(), container)
        {
            Parent = reader.Read7BitEncodedInt(),
            Start = new StepId(reader.ReadString()),
            Begun = reader.Read7BitEncodedInt(),
            IsBack = reader.ReadBoolean(),
        };
        var joins = Many(
            reader,
            r => (new StepId(r.ReadString()), Arrivals: Many(r, b => (b.Read7BitEncodedInt(), b.ReadBoolean())))
        );
        return frame with
        {
            Joins = Frame.NoJoins.AddRange(
                joins.Select(join => KeyValuePair.Create(join.Item1, new Arrivals(join.Arrivals)))
            ),
        };
    }

    private static void Write(BinaryWriter writer, Token token)
    {
        writer.Write(token.Step.Value);
        writer.Write7BitEncodedInt(token.Frame);
        writer.Write7BitEncodedInt(token.Visit);
        var kind =
            token.Awaits is not null ? Kind.Awaiting
            : token.IsListening ? (token.WakeAt is null ? Kind.Listening : Kind.ListeningUntil)
            : token.IsLookingAgain ? Kind.LookingAgain
            : token.WakeAt is not null ? Kind.Sleeping
            : Kind.Entering;
        writer.Write((byte)((byte)kind | (token.IsBack ? Back : 0)));
        if (token.Awaits is { } touch)
        {
            writer.Write(touch.Value.ToByteArray(bigEndian: true));
        }
        else if (token.WakeAt is { } wakeAt)
        {
            writer.Write7BitEncodedInt64(wakeAt.UtcTicks);
        }
    }

    private static Token ReadToken(BinaryReader reader)
    {
        var step = new StepId(reader.ReadString());
        var (frame, visit, kind) = (reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.ReadByte());
        return ReadWait(reader, step, visit, kind & ~Back) with { Frame = frame, IsBack = (kind & Back) != 0 };
    }

    private static Token ReadTokenOfOutermost(BinaryReader reader) =>
        ReadWait(reader, new StepId(reader.ReadString()), reader.Read7BitEncodedInt(), reader.ReadByte());

    private static Token ReadWait(BinaryReader reader, StepId step, int visit, int kind) =>
        (Kind)kind switch
        {
            Kind.Awaiting => new Token(step, visit, null, new TouchId(new Guid(reader.ReadBytes(16), bigEndian: true))),
            Kind.Sleeping => new Token(step, visit, ReadInstant(reader), null),
            Kind.Listening => new Token(step, visit, null, null) { IsListening = true },
            Kind.ListeningUntil => new Token(step, visit, ReadInstant(reader), null) { IsListening = true },
            Kind.LookingAgain => new Token(step, visit, ReadInstant(reader), null) { IsLookingAgain = true },
            Kind.Entering => new Token(step, visit, null, null),
            var unknown => throw new FormatException($"A token of kind {(byte)unknown} is unknown."),
        };

    private static DateTimeOffset ReadInstant(BinaryReader reader) => new(reader.Read7BitEncodedInt64(), TimeSpan.Zero);

    private static ImmutableArray<T> Many<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            items.Add(read(reader));
        }

        return items.ToImmutable();
    }
}
