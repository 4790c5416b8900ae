// TerminalFilter: what may reach a terminal widget. Bytes of a program in, harmless bytes out, in any split.
// Keeps text, colours, cursor movement, alternate screen, mouse and bracketed-paste modes; drops what resizes
// or moves windows (CSI t, DECCOLM), sets the clipboard (OSC 52), changes titles or colours, asks for replies
// that a program could abuse, and every string sequence (DCS, APC, PM, SOS). Numbers are capped, so no single
// sequence costs much; so are combining marks per character. Unterminated strings end at a line's end or a
// cap. Source: ECMA-48, xterm's ctlseqs; QTermWidget 2.1 dies of ESC[8;30000;30000t. Value type, any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace muster {

class TerminalFilter {
public:
    [[nodiscard]] QByteArray filter(QByteArrayView bytes);

    static constexpr int maxNumber = 9999;       // of a parameter
    static constexpr int maxSequence = 128;      // bytes of a CSI sequence
    static constexpr int maxOscBytes = 64 << 10; // skipped before a string is given up
    static constexpr int maxStringBytes = 1 << 20;
    static constexpr int maxCombining = 8; // marks on one character

private:
    enum class State : quint8 {
        Ground,
        Utf8,
        Escape,
        EscapeIntermediate,
        Csi,
        CsiIgnore,
        Osc,
        String,
        StringEscape
    };

    void step(uchar byte, QByteArray &out);
    void ground(uchar byte, QByteArray &out);
    void utf8(uchar byte, QByteArray &out);
    void escape(uchar byte, QByteArray &out);
    void csi(uchar byte, QByteArray &out);
    void string(uchar byte, QByteArray &out);
    void finishCharacter(QByteArray &out);
    void enter(State state);

    State m_state = State::Ground;
    QByteArray m_pending; // of the character or sequence that has begun
    int m_utf8Left = 0;
    int m_skipped = 0; // bytes of the string that is being skipped
    int m_combining = 0;
};

// What may be pasted: no control characters but tab and line feed; line ends become line feeds.
struct PastedText {
    QString text;
    bool multiLine = false; // more than one line: ask first
    bool changed = false;   // something was taken out
};

[[nodiscard]] PastedText sanitizePaste(const QString &clipboard);

} // namespace muster
