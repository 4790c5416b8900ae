// Composer: where a person writes to the agent: Enter sends, Shift+Enter begins a line, Escape stops what
// runs. Files are dropped onto it. GUI thread.
#pragma once

#include <QPlainTextEdit>

class QComboBox;
class QPushButton;

namespace muster {

class AttachmentBar;

// Grows with its text up to some lines.
class MessageEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit MessageEdit(QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void sendWanted();
    void steerWanted();
    void stopWanted();
    void filesDropped(const QStringList &paths);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    [[nodiscard]] bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
};

class Composer final : public QWidget {
    Q_OBJECT

public:
    explicit Composer(QWidget *parent = nullptr);

    // The choice is for a new conversation only. The first is the usual one.
    void setRuntimes(const QList<std::pair<QString, QString>> &idsAndLabels);
    void setChoosesRuntime(bool chooses);
    void setWorking(bool working);
    // Nothing can be sent now: what is written stays.
    void setHeld(bool held);
    // What could not be sent comes back before what has been written since.
    void giveBack(const QString &text, const QStringList &attachments);
    void setText(const QString &text, const QStringList &attachments);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QStringList attachments() const;
    [[nodiscard]] MessageEdit *edit() const { return m_edit; }

signals:
    void sendWanted(const QString &text, const QStringList &attachments, const QString &runtime);
    // Into the answer that is being written.
    void steerWanted(const QString &text, const QStringList &attachments);
    void stopWanted();
    void edited(); // its text or its files, by whomever

private:
    void send(bool intoAnswer);
    void updateButtons();

    MessageEdit *m_edit;
    AttachmentBar *m_attachments;
    QComboBox *m_runtime;
    QPushButton *m_send;
    QPushButton *m_stop;
    bool m_working = false;
    bool m_held = false;
};

} // namespace muster
