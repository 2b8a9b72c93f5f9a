using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>Bytes that are written one after the other.</summary>
internal sealed class ByteWriter(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 256)];
    private int _length;

    /// <summary>Room for so many more bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> Room(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        return _bytes.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;

    public void Write(string text) =>
        Advance(Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length))));

    public byte[] ToArray() => _bytes[.._length];
}
