// Transcript: the messages that the model holds, one card each, the newest at the bottom. Stays at the end
// only if the person is there; scrolling to the top asks for older ones. GUI thread.
#pragma once

#include <QScrollArea>
#include <QTimer>

class QPushButton;
class QVBoxLayout;

namespace muster {

class MessageCard;
class MessageModel;

class Transcript final : public QScrollArea {
    Q_OBJECT

public:
    explicit Transcript(MessageModel *model, QWidget *parent = nullptr);

    [[nodiscard]] bool isAtEnd() const;
    void goToEnd();
    void setSideMargin(int pixels); // left and right of the messages

signals:
    void retryWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void rebuild();
    void refresh(int first, int last);
    void insert(int first, int last);
    void remove(int first, int last);
    void onRange();
    void onScrolled(int value);
    void placeButton();

    MessageModel *m_model;
    QVBoxLayout *m_column;
    QList<MessageCard *> m_cards;
    QPushButton *m_toEnd;
    QTimer m_frame; // streamed text is laid out at most once a frame
    bool m_follows = true;
    int m_fromEnd = 0; // to keep the place while older ones come in above
};

} // namespace muster
