// AttachmentBar: the files that go with a message, each with a button that takes it away. Hidden while there
// are none. GUI thread.
#pragma once

#include <QStringList>
#include <QWidget>

class QHBoxLayout;

namespace muster {

class AttachmentBar final : public QWidget {
    Q_OBJECT

public:
    explicit AttachmentBar(QWidget *parent = nullptr);

    void add(const QString &path);
    void setPaths(const QStringList &paths);
    [[nodiscard]] const QStringList &paths() const { return m_paths; }

signals:
    void changed();

private:
    void rebuild();

    QStringList m_paths;
    QHBoxLayout *m_row;
};

} // namespace muster
