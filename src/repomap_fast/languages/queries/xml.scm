; Tags of XML: what has an identifier.

((element (STag . (Name) @_element (Attribute (Name) @_id (AttValue) @name))) @definition.id
  (#not-eq? @_element "argument")
  (#any-of? @_id "id" "xml:id")
  (#set! trim "\"'"))
((element (EmptyElemTag . (Name) @_element (Attribute (Name) @_id (AttValue) @name))) @definition.id
  (#not-eq? @_element "argument")
  (#any-of? @_id "id" "xml:id")
  (#set! trim "\"'"))
((element (STag (Name) @_element (Attribute (Name) @_name (AttValue) @name))) @definition.template
  (#any-of? @_element "xsl:template" "xsl:attribute-set")
  (#eq? @_name "name")
  (#set! trim "\"'"))
((element (STag (Name) @_element (Attribute (Name) @_name (AttValue) @name))) @definition.function
  (#eq? @_element "xsl:function")
  (#eq? @_name "name")
  (#set! trim "\"'"))
((element (STag (Name) @_element (Attribute (Name) @_name (AttValue) @name))) @definition.type
  (#any-of? @_element "xs:complexType" "xs:simpleType" "xsd:complexType" "xsd:simpleType")
  (#eq? @_name "name")
  (#set! trim "\"'"))
((element (STag (Name) @_element (Attribute (Name) @_name (AttValue) @name))) @definition.element
  (#any-of? @_element "xs:element" "xsd:element")
  (#eq? @_name "name")
  (#set! trim "\"'"))

((EmptyElemTag (Name) @_element (Attribute (Name) @_name (AttValue) @name @reference.template))
  (#any-of? @_element "xsl:call-template")
  (#eq? @_name "name")
  (#set! trim "\"'"))
((STag (Name) @_element (Attribute (Name) @_name (AttValue) @name @reference.template))
  (#any-of? @_element "xsl:call-template")
  (#eq? @_name "name")
  (#set! trim "\"'"))
; A service that another is made with, as Symfony writes it.
((EmptyElemTag . (Name) @_element (Attribute (Name) @_name (AttValue) @name @reference.id))
  (#eq? @_element "argument")
  (#eq? @_name "id")
  (#set! trim "\"'"))
((Attribute (Name) @_name (AttValue) @name @reference.id)
  (#any-of? @_name "linkend" "ref" "idref")
  (#set! trim "\"'#"))
