class W : public QObject {
  Q_OBJECT
  Q_PROPERTY(int width READ width WRITE setWidth NOTIFY widthChanged)
  Q_ENUMS(Mode)
  Q_DECLARE_PRIVATE(W)
public slots:
  void go();
Q_SIGNALS:
  void widthChanged();
private:
  Q_INVOKABLE int width() const;
  Q_SLOT void setWidth(int w);
};
Q_DECLARE_METATYPE(W)
int last;
